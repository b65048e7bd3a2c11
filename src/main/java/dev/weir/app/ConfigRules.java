package dev.weir.app;

import dev.weir.export.Exporters;
import dev.weir.pipeline.ByteSize;
import dev.weir.tls.TlsConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What the types of the configuration cannot say: ranges, and settings that do not go together. */
final class ConfigRules {

    private static final ByteSize SMALLEST_MESSAGE = new ByteSize(1024);
    private static final ByteSize LARGEST_MESSAGE = new ByteSize(1L << 30);

    private static final ByteSize SMALLEST_BUFFER = new ByteSize(4 << 20);
    private static final ByteSize SMALLEST_MEMORY = new ByteSize(64 << 10);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private final List<String> faults = new ArrayList<>();

    private ConfigRules() {}

    static List<String> faults(WeirConfig config) {
        ConfigRules rules = new ConfigRules();
        rules.receive(config);
        rules.faults.addAll(MeshRules.faults(config.mesh()));
        rules.ratio("weir.sample.ratio.traces", config.sample().ratio().traces());
        rules.ratio("weir.sample.ratio.logs", config.sample().ratio().logs());
        rules.tail(config);
        rules.size("weir.batch.size", config.batch().size());
        rules.positive("weir.batch.age", config.batch().age());
        rules.notNegative("weir.shutdown-delay", config.shutdownDelay());
        rules.positive("weir.shutdown-timeout", config.shutdownTimeout());
        config.memory().limit().ifPresent(limit -> {
            if (limit.bytes() < MemoryPlan.LEAST) {
                rules.faults.add(
                        "weir.memory.limit: must be at least " + new ByteSize(MemoryPlan.LEAST) + ", was " + limit);
            }
        });
        rules.size("weir.store.size", config.store().size());
        config.telemetry().tracesEndpoint().ifPresent(endpoint -> rules.telemetry(endpoint, config));
        rules.faults.addAll(Exporters.faults(config.export()));
        new TreeMap<>(config.export()).forEach((name, one) -> rules.export(name, one.endpoint(), config));
        return rules.faults;
    }

    private void receive(WeirConfig config) {
        var receive = config.receive();
        positive("weir.receive.answer-within", receive.answerWithin());
        var grpc = receive.grpc();
        port("weir.receive.grpc.port", grpc.port());
        size("weir.receive.grpc.max-message-size", grpc.maxMessageSize());
        positive("weir.receive.grpc.limits.connections", grpc.limits().connections());
        positive("weir.receive.grpc.limits.streams", grpc.limits().streams());
        size("weir.receive.grpc.limits.header-size", grpc.limits().headerSize());
        positive("weir.receive.grpc.limits.connection-age", grpc.limits().connectionAge());
        positive("weir.receive.grpc.limits.connection-age-grace", grpc.limits().connectionAgeGrace());
        positive("weir.receive.grpc.limits.handshake", grpc.limits().handshake());
        positive("weir.receive.grpc.limits.idle", grpc.limits().idle());
        positive("weir.receive.grpc.limits.body", grpc.limits().body());
        positive("weir.receive.grpc.limits.ping-interval", grpc.limits().pingInterval());
        tls("weir.receive.grpc.tls", grpc.tls());
        var http = receive.http();
        port("weir.receive.http.port", http.port());
        size("weir.receive.http.max-message-size", http.maxMessageSize());
        positive("weir.receive.http.limits.connection-age", http.limits().connectionAge());
        positive("weir.receive.http.limits.connections", http.limits().connections());
        positive("weir.receive.http.limits.streams", http.limits().streams());
        size("weir.receive.http.limits.header-size", http.limits().headerSize());
        positive("weir.receive.http.limits.header", http.limits().header());
        positive("weir.receive.http.limits.idle", http.limits().idle());
        positive("weir.receive.http.limits.body", http.limits().body());
        tls("weir.receive.http.tls", http.tls());
        if (grpc.port() != 0 && grpc.port() == http.port()) {
            faults.add("weir.receive.http.port: must differ from weir.receive.grpc.port, both are " + grpc.port());
        }
    }

    private void tail(WeirConfig config) {
        String key = "weir.sample.tail.";
        var tail = config.sample().tail();
        long limit = MemoryPlan.limit(config);
        wait(key + "decision-wait", tail.decisionWait(), Duration.ofSeconds(1));
        wait(key + "decision-wait-after-root", tail.decisionWaitAfterRoot(), Duration.ZERO);
        tail.bufferSize()
                .ifPresent(size -> part(key + "buffer-size", size, SMALLEST_BUFFER, new ByteSize(limit / 4 * 3)));
        tail.rememberSize()
                .ifPresent(size -> part(key + "remember-size", size, SMALLEST_MEMORY, new ByteSize(limit / 4)));
        size(key + "max-trace-size", tail.maxTraceSize());
        positive(key + "max-trace-spans", tail.maxTraceSpans());
        tail.compressAfter().ifPresent(after -> positive(key + "compress-after", after));
        readable(key + "policies-file", tail.policiesFile());
    }

    private void wait(String key, Duration duration, Duration least) {
        if (duration.compareTo(least) < 0 || duration.compareTo(LONGEST_WAIT) > 0) {
            faults.add(key + ": must be between " + least.toSeconds() + "s and " + LONGEST_WAIT.toSeconds() + "s, was "
                    + duration);
        }
    }

    private void part(String key, ByteSize size, ByteSize least, ByteSize most) {
        if (size.bytes() < least.bytes() || size.bytes() > most.bytes()) {
            faults.add(key + ": must be between " + least + " and " + most + " with this memory limit, was " + size);
        }
    }

    /** A span for every export, exported by ourselves, would make the next span. */
    private void telemetry(String endpoint, WeirConfig config) {
        String key = "weir.telemetry.traces-endpoint";
        try {
            URI uri = new URI(endpoint);
            if (uri.getHost() == null || uri.getScheme() == null) {
                faults.add(key + ": '" + endpoint + "' is not a URL such as http://collector:4317");
            } else if (isOurselves(uri, config)) {
                faults.add(key + ": is Weir itself, its own traces would never end; name another receiver");
            }
        } catch (URISyntaxException e) {
            faults.add(key + ": '" + endpoint + "' is not a URL such as http://collector:4317");
        }
    }

    /** What is sent to ourselves would be sent again, for ever. */
    private void export(String name, String endpoint, WeirConfig config) {
        try {
            if (isOurselves(new URI(endpoint.strip()), config)) {
                faults.add("weir.export." + name + ".endpoint: is Weir itself, nothing would ever leave it;"
                        + " name another receiver, or move Weir's port");
            }
        } catch (URISyntaxException e) {
            // The exporters have said so.
        }
    }

    private static boolean isOurselves(URI uri, WeirConfig config) {
        var grpc = config.receive().grpc();
        var http = config.receive().http();
        String host = uri.getHost();
        int port = uri.getPort() != -1 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
        return host != null
                && (port == grpc.port() && OwnAddress.reaches(host, grpc.host())
                        || port == http.port() && OwnAddress.reaches(host, http.host()));
    }

    private void port(String key, int port) {
        if (port < 0 || port > 65_535) {
            faults.add(key + ": must be between 0 and 65535, was " + port);
        }
    }

    private void size(String key, ByteSize size) {
        if (size.bytes() < SMALLEST_MESSAGE.bytes() || size.bytes() > LARGEST_MESSAGE.bytes()) {
            faults.add(key + ": must be between " + SMALLEST_MESSAGE + " and " + LARGEST_MESSAGE + ", was " + size);
        }
    }

    private void positive(String key, Duration duration) {
        if (duration.isZero() || duration.isNegative()) {
            faults.add(key + ": must be more than nothing, was " + duration);
        }
    }

    private void notNegative(String key, Duration duration) {
        if (duration.isNegative()) {
            faults.add(key + ": must not be negative, was " + duration);
        }
    }

    /** Not 0: what is never kept needs no gateway. */
    private void ratio(String key, double ratio) {
        if (!(ratio > 0 && ratio <= 1)) {
            faults.add(key + ": must be over 0 and at most 1, was " + ratio);
        }
    }

    private void positive(String key, int number) {
        if (number < 1) {
            faults.add(key + ": must be at least 1, was " + number);
        }
    }

    private void tls(String key, TlsConfig tls) {
        if (tls.certFile().isPresent() != tls.keyFile().isPresent()) {
            faults.add(key + ": cert-file and key-file go together, set both or neither");
        }
        if (tls.caFile().isPresent() && tls.certFile().isEmpty()) {
            faults.add(key + ".ca-file: mutual TLS needs a certificate of ours, set cert-file and key-file");
        }
        readable(key + ".cert-file", tls.certFile());
        readable(key + ".key-file", tls.keyFile());
        readable(key + ".ca-file", tls.caFile());
    }

    private void readable(String key, Optional<String> file) {
        if (file.isPresent() && !Files.isReadable(Path.of(file.get()))) {
            faults.add(key + ": there is no readable file " + file.get());
        }
    }
}
