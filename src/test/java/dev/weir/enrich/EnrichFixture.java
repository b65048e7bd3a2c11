package dev.weir.enrich;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.enrich.kubernetes.Pod;
import dev.weir.enrich.kubernetes.Pods;
import dev.weir.enrich.senders.Senders;
import dev.weir.otlp.OtlpFormatException;
import dev.weir.otlp.RequestScanner;
import dev.weir.pipeline.Ack;
import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Sender;
import dev.weir.pipeline.Signal;
import dev.weir.pipeline.Stage;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An enrich stage between a door that counts what it takes and a stage that takes, or refuses, everything. */
final class EnrichFixture {

    /** On which Weir listens. */
    static final int PORT = 14317;

    static final String OWN = "spiffe://cluster.local/ns/observability/sa/weir";
    static final String RELAY = "spiffe://cluster.local/ns/observability/sa/otel-agent";

    final Ledger ledger = new Ledger();
    final Senders senders = new Senders(10);
    final MemoryBudget budget;
    final List<Payload> passedOn = new ArrayList<>();
    final List<String> answers = new ArrayList<>();
    final List<Pod> pods = new ArrayList<>();
    final Map<String, Pod> secondAddresses = new HashMap<>();
    final EnrichStage stage;

    /** Headers of the requests that are sent. */
    final Map<String, String> headers = new HashMap<>();

    private @Nullable String principal;
    private @Nullable Refusal refusal;
    private @Nullable RuntimeException failure;
    private boolean sifts = true;

    private EnrichFixture(Map<String, String> properties, long memory) {
        budget = new MemoryBudget(memory, 0, 0, 0);
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withMapping(MeshConfig.class, "weir.mesh")
                .withMapping(RedactConfig.class, "weir.redact")
                .withMapping(AttributesConfig.class, "weir.attributes")
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build();
        stage = new EnrichStage(
                config.getConfigMapping(MeshConfig.class, "weir.mesh"),
                config.getConfigMapping(RedactConfig.class, "weir.redact"),
                config.getConfigMapping(AttributesConfig.class, "weir.attributes"),
                Map.of("POD_NAME", "weir-0")::get,
                List.of(PORT),
                new ListedPods(),
                senders,
                budget,
                ledger,
                new Stage() {
                    @Override
                    public void accept(Payload payload) {
                        if (failure != null) {
                            throw failure;
                        }
                        passedOn.add(payload);
                        if (refusal == null) {
                            ledger.delivered(payload.signal(), payload.items());
                            payload.ack().accept();
                        } else {
                            payload.ack().refuse(refusal);
                        }
                    }

                    @Override
                    public void drain(Deadline deadline) {}
                });
    }

    /** @param properties keys, without {@code weir.}, and their values in turn */
    static EnrichFixture of(String... properties) {
        return of(1L << 30, properties);
    }

    static EnrichFixture of(long memory, String... properties) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            map.put("weir." + properties[i], properties[i + 1]);
        }
        return new EnrichFixture(map, memory);
    }

    /** With Istio in front. */
    static EnrichFixture istio(String... properties) {
        String[] all = new String[properties.length + 6];
        System.arraycopy(properties, 0, all, 6, properties.length);
        all[0] = "mesh.kind";
        all[1] = "istio";
        all[2] = "mesh.identity";
        all[3] = OWN;
        all[4] = "mesh.relays";
        all[5] = RELAY;
        return of(all);
    }

    EnrichFixture refusing(Refusal with) {
        refusal = with;
        return this;
    }

    /** The stage behind it has a bug. */
    EnrichFixture throwing(RuntimeException bug) {
        failure = bug;
        return this;
    }

    /** Receipt does not look which requests are plain. */
    EnrichFixture withoutSieve() {
        sifts = false;
        return this;
    }

    /** From now on requests come from there. */
    EnrichFixture from(String spiffeId) {
        headers.put("x-forwarded-client-cert", "By=" + OWN + ";Hash=ab;URI=" + spiffeId);
        return this;
    }

    /** From now on clients come with a certificate of their own. @param name its SPIFFE id, or its subject */
    EnrichFixture withCertificate(String name) {
        principal = name;
        return this;
    }

    ExportTraceServiceRequest traces(ExportTraceServiceRequest request) {
        Payload payload = send(Signal.TRACES, request.toByteArray());
        assertThat(payload).isNotNull();
        try {
            return ExportTraceServiceRequest.parseFrom(payload.bytes());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    /** Sends a request and returns what was passed on, or null. Everything must balance afterwards. */
    @Nullable
    Payload send(Signal signal, byte[] request) {
        int before = passedOn.size();
        RequestScanner scanner = new RequestScanner(sifts ? stage.sieve() : null);
        int items = scan(scanner, signal, request);
        Sender sender = new Sender(Sender.Protocol.GRPC, principal, "peer:1", 1).withHeaders(headers);
        stage.accept(new Payload(
                signal,
                request,
                items,
                sender,
                0,
                new Ack() {
                    @Override
                    protected void onAccepted() {
                        ledger.received(signal, items);
                        answers.add("accepted");
                    }

                    @Override
                    protected void onRefused(Refusal why) {
                        answers.add(why.reason().label());
                    }
                },
                !scanner.isCaught()));
        assertThat(ledger.violations()).isEmpty();
        assertThat(budget.used()).isZero();
        if (passedOn.size() == before) {
            return null;
        }
        Payload payload = passedOn.getLast();
        assertThat(scan(scanner, signal, payload.bytes())).isEqualTo(payload.items());
        return payload;
    }

    private static int scan(RequestScanner scanner, Signal signal, byte[] request) {
        try {
            return scanner.scan(signal.requestType(), request);
        } catch (OtlpFormatException e) {
            throw new AssertionError(e);
        }
    }

    private final class ListedPods implements Pods {
        @Override
        public @Nullable Pod byUid(String uid) {
            return pods.stream()
                    .filter(pod -> pod.uid().equals(uid))
                    .findFirst()
                    .orElse(null);
        }

        @Override
        public @Nullable Pod byName(String namespace, String name) {
            return pods.stream()
                    .filter(pod ->
                            pod.namespace().equals(namespace) && pod.name().equals(name))
                    .findFirst()
                    .orElse(null);
        }

        @Override
        public @Nullable Pod byIp(String ip, long seenEpochNanos) {
            return pods.stream().filter(pod -> ip.equals(pod.ip())).findFirst().orElse(secondAddresses.get(ip));
        }
    }
}
