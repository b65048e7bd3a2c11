package dev.weir.export;

import dev.weir.pipeline.ByteSize;
import dev.weir.pipeline.Signal;
import dev.weir.tls.TlsConfig;
import dev.weir.tls.TlsFiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Everything that is wrong with the configuration of destinations, all at once. */
final class ExportFaults {

    /** It becomes a label of metrics and part of a property's name. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");

    private static final Set<String> PROTOCOLS = Set.of(Plan.GRPC, Plan.HTTP_PROTOBUF);
    private static final int MAX_CONCURRENCY = 256;
    private static final Duration MAX_DURATION = Duration.ofDays(7);

    private final List<String> found = new ArrayList<>();
    private final String key;
    private final ExportConfig config;

    private ExportFaults(String name, ExportConfig config) {
        this.key = "weir.export." + name;
        this.config = config;
    }

    static List<String> of(Map<String, ExportConfig> all, UnaryOperator<@Nullable String> environment) {
        List<String> found = new ArrayList<>();
        new TreeMap<>(all).forEach((name, config) -> {
            ExportFaults faults = new ExportFaults(name, config);
            faults.check(name, environment);
            found.addAll(faults.found);
        });
        return found;
    }

    private void check(String name, UnaryOperator<@Nullable String> environment) {
        if (!NAME.matcher(name).matches()) {
            found.add(key + ": a destination's name has 1 to 63 letters, digits, - and _");
        }
        if (!PROTOCOLS.contains(config.protocol())) {
            add("protocol", "'" + config.protocol() + "' is not known; write grpc or http/protobuf");
        }
        if (config.signals().isEmpty()) {
            add("signals", "is empty; write traces, metrics, logs or several of them");
        }
        checkEndpoint();
        Headers.faults(config.headers(), environment).forEach(fault -> found.add(key + ".headers." + fault));
        checkNumbers();
    }

    private void checkEndpoint() {
        Endpoint endpoint;
        try {
            endpoint = Endpoint.of(config.endpoint());
        } catch (IllegalArgumentException e) {
            add("endpoint", String.valueOf(e.getMessage()));
            return;
        }
        if (config.protocol().equals(Plan.GRPC)) {
            if (!Endpoint.hasPort(config.endpoint())) {
                add("endpoint", "'" + config.endpoint() + "' has no port; OTLP over gRPC is usually at 4317");
            }
            if (!endpoint.path().isEmpty()) {
                add(
                        "endpoint",
                        "'" + config.endpoint() + "' has a path, which gRPC does not; remove " + endpoint.path());
            }
        } else {
            checkPath(endpoint);
        }
        checkTls(endpoint);
    }

    private void checkPath(Endpoint endpoint) {
        for (Signal signal : Signal.values()) {
            boolean fixed = endpoint.path().endsWith("/v1/" + signal.label());
            if (fixed && !config.signals().equals(Set.of(signal))) {
                add(
                        "endpoint",
                        "'" + endpoint + "' is for " + signal.label() + " alone; remove /v1/" + signal.label()
                                + ", or set signals to " + signal.label());
            }
        }
    }

    private void checkTls(Endpoint endpoint) {
        TlsConfig tls = config.tls();
        boolean enabled = tls.enabled().orElse(endpoint.tls());
        if (enabled != endpoint.tls()) {
            add("tls.enabled", "is " + enabled + ", but the endpoint is " + endpoint + "; change one of them");
        }
        if (!endpoint.tls()) {
            if (tls.certFile().isPresent()
                    || tls.caFile().isPresent()
                    || tls.keyFile().isPresent()
                    || tls.serverName().isPresent()) {
                add("tls", "has no effect with " + endpoint + "; write https://");
            }
            return;
        }
        try {
            TlsFiles.forClient(tls).close();
        } catch (IllegalArgumentException e) {
            add("tls." + e.getMessage());
        }
    }

    private void checkNumbers() {
        positive("timeout", config.timeout());
        if (config.concurrency() < 1 || config.concurrency() > MAX_CONCURRENCY) {
            add("concurrency", config.concurrency() + " is not from 1 to " + MAX_CONCURRENCY);
        }
        positive("max-message-size", config.maxMessageSize());
        positive("queue.size", config.queue().size());
        ExportConfig.RetryConfig retry = config.retry();
        positive("retry.initial", retry.initial());
        positive("retry.max", retry.max());
        if (retry.max().compareTo(retry.initial()) < 0) {
            add("retry.max", "is shorter than retry.initial");
        }
        if (!(retry.multiplier() >= 1 && retry.multiplier() <= 100)) {
            add("retry.multiplier", retry.multiplier() + " is not from 1 to 100");
        }
        if (retry.total().isNegative() || retry.total().compareTo(MAX_DURATION) > 0) {
            add("retry.total", "is not from 0 to 7 days");
        }
    }

    private void positive(String which, Duration duration) {
        if (!duration.isPositive() || duration.compareTo(MAX_DURATION) > 0) {
            add(which, "must be more than 0, and at most 7 days");
        }
    }

    private void positive(String which, ByteSize size) {
        if (size.bytes() == 0) {
            add(which, "must be more than 0");
        }
    }

    private void add(String which, String fault) {
        add(which + ": " + fault);
    }

    private void add(String keyAndFault) {
        found.add(key + "." + keyAndFault);
    }
}
