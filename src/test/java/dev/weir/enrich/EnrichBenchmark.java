package dev.weir.enrich;

import dev.weir.enrich.kubernetes.Pod;
import dev.weir.enrich.kubernetes.Pods;
import dev.weir.enrich.senders.Senders;
import dev.weir.otlp.OtlpFormatException;
import dev.weir.otlp.RequestScanner;
import dev.weir.otlp.RequestType;
import dev.weir.otlp.TypicalRequests;
import dev.weir.pipeline.Ack;
import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Sender;
import dev.weir.pipeline.Signal;
import dev.weir.pipeline.Stage;
import io.opentelemetry.proto.trace.v1.Span;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds that enriching adds: a request of five spans of an Istio sidecar whose pod and caller are known, and a span of
 * an SDK's request of 512, in which nothing is to be done, or of a sidecar's of as many, all of which are translated.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class EnrichBenchmark {

    private static final int SPANS = 512;
    private static final int MANY_PODS = 64;
    private static final String POD = "cart-7d4b9c8f6d-abcde";
    private static final String OWN = "spiffe://cluster.local/ns/observability/sa/weir";

    private final EnrichStage stage = stage();
    private final Sender sender = new Sender(
            Sender.Protocol.GRPC,
            null,
            "127.0.0.6:4711",
            1,
            Map.of(
                    "x-forwarded-client-cert",
                    "By=" + OWN + ";Hash=4f1c0ab3e1;Subject=\"\";URI=spiffe://cluster.local/ns/shop/sa/cart"));
    private final Sender unknown = new Sender(Sender.Protocol.GRPC, null, "10.1.2.9:4711", 2);
    private final RequestScanner scanner = new RequestScanner();
    private final RequestScanner sifting = new RequestScanner(stage.sieve());
    private final byte[][] envoy = new byte[8][];
    private final byte[][] manyPods = new byte[MANY_PODS][];
    private final byte[][] sdk = new byte[4][];
    private final byte[][] manyEnvoySpans = new byte[4][];
    private int next;

    public EnrichBenchmark() {
        for (int i = 0; i < envoy.length; i++) {
            envoy[i] = envoyRequest(5, "cart", POD, i, false);
        }
        for (int i = 0; i < manyPods.length; i++) {
            manyPods[i] = envoyRequest(5, "service" + i % 9, pod(i), i, true);
        }
        for (int i = 0; i < manyEnvoySpans.length; i++) {
            manyEnvoySpans[i] = envoyRequest(SPANS, "cart", POD, i, true);
        }
        for (int i = 0; i < sdk.length; i++) {
            sdk[i] = TypicalRequests.of(RequestType.TRACES, SPANS).toByteArray();
        }
    }

    @Benchmark
    public void requestOfFiveEnvoySpans() {
        send(envoy[next++ & envoy.length - 1], 5, sender);
    }

    /** Of one after another of 64 sidecars, whose spans are of both sides. */
    @Benchmark
    public void requestOfFiveSpansOfManyEnvoys() {
        send(manyPods[next++ & manyPods.length - 1], 5, sender);
    }

    /** Of one sidecar, of both sides, in a request of 512. */
    @Benchmark
    @OperationsPerInvocation(SPANS)
    public void spanOfAnEnvoy() {
        send(manyEnvoySpans[next++ & manyEnvoySpans.length - 1], SPANS, sender);
    }

    /** Received, and found plain. */
    @Benchmark
    @OperationsPerInvocation(SPANS)
    public void plainSpanOfAnSdk() throws OtlpFormatException {
        byte[] request = sdk[next++ & sdk.length - 1];
        int items = sifting.scan(RequestType.TRACES, request);
        stage.accept(new Payload(Signal.TRACES, request, items, unknown, 0, new Taken(), !sifting.isCaught()));
    }

    /** Received without enrichment: what is to be taken off the above. */
    @Benchmark
    @OperationsPerInvocation(SPANS)
    public int receivedSpanOfAnSdk() throws OtlpFormatException {
        return scanner.scan(RequestType.TRACES, sdk[next++ & sdk.length - 1]);
    }

    /** Not known to be plain. */
    @Benchmark
    @OperationsPerInvocation(SPANS)
    public void spanOfAnSdk() {
        send(sdk[next++ & sdk.length - 1], SPANS, unknown);
    }

    private void send(byte[] request, int items, Sender from) {
        stage.accept(new Payload(Signal.TRACES, request, items, from, 0, new Taken()));
    }

    private static byte[] envoyRequest(int count, String service, String pod, int number, boolean bothSides) {
        Span[] spans = new Span[count];
        for (int i = 0; i < spans.length; i++) {
            Span.SpanKind kind =
                    bothSides && i % 2 == 0 ? Span.SpanKind.SPAN_KIND_CLIENT : Span.SpanKind.SPAN_KIND_SERVER;
            spans[i] = span(service, pod, 8 * number + i, bothSides && i % 2 == 1)
                    .setKind(kind)
                    .build();
        }
        return MeshSpans.envoy(
                        MeshSpans.resource(
                                "service.name", service + ".shop",
                                "telemetry.sdk.language", "cpp",
                                "telemetry.sdk.name", "envoy",
                                "telemetry.sdk.version", "9e5580933739775e8bce696a57a2e1bc99368f23/1.40.0/Clean"),
                        spans)
                .toByteArray();
    }

    private static Span.Builder span(String service, String pod, int i, boolean isServer) {
        String cluster = isServer ? "inbound|8080||" : "outbound|8080||orders.shop.svc.cluster.local";
        return MeshSpans.child(
                String.format("%02x", i % 100 + 1),
                "",
                "node_id",
                "sidecar~10.1.2.3~" + pod + ".shop~shop.svc.cluster.local",
                "zone",
                "eu-west-1a",
                "guid:x-request-id",
                "a61b56dc-85cf-9106-8855-a1e7a4d90" + (100 + i),
                "http.url",
                "http://" + (isServer ? service : "orders") + ".shop.svc.cluster.local:8080/api/orders/" + i
                        + "?page=2",
                "http.method",
                isServer ? "POST" : "GET",
                "downstream_cluster",
                "-",
                "user_agent",
                "okhttp/4.12.0",
                "http.protocol",
                "HTTP/1.1",
                "peer.address",
                "10.1.2.3",
                "request_size",
                "0",
                "response_size",
                "812",
                "component",
                "proxy",
                "upstream_cluster",
                cluster,
                "upstream_cluster.name",
                cluster + ";",
                "http.status_code",
                "200",
                "response_flags",
                "-",
                "istio.mesh_id",
                "cluster.local",
                "istio.canonical_service",
                service,
                "istio.canonical_revision",
                "v1",
                "istio.namespace",
                "shop",
                "istio.cluster_id",
                "Kubernetes")
                .toBuilder();
    }

    private static EnrichStage stage() {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withMapping(MeshConfig.class, "weir.mesh")
                .withMapping(RedactConfig.class, "weir.redact")
                .withMapping(AttributesConfig.class, "weir.attributes")
                .withSources(new PropertiesConfigSource(
                        Map.of(
                                "weir.mesh.kind", "istio",
                                "weir.mesh.identity", OWN,
                                "weir.mesh.hosts", "weir.observability.svc.cluster.local"),
                        "bench",
                        100))
                .build();
        Map<String, Pod> pods = new HashMap<>();
        pods.put(POD, pod(POD, "cart"));
        for (int i = 0; i < MANY_PODS; i++) {
            pods.put(pod(i), pod(pod(i), "service" + i % 9));
        }
        return new EnrichStage(
                config.getConfigMapping(MeshConfig.class, "weir.mesh"),
                config.getConfigMapping(RedactConfig.class, "weir.redact"),
                config.getConfigMapping(AttributesConfig.class, "weir.attributes"),
                name -> null,
                List.of(4317, 4318),
                new OneNamespace("shop", pods),
                new Senders(1000),
                new MemoryBudget(1L << 30, 0, 0, 0),
                new Ledger(),
                new Sink());
    }

    private static String pod(int number) {
        return "service" + number % 9 + "-7d4b9c8f6d-abc" + number;
    }

    private static Pod pod(String name, String workload) {
        return new Pod(
                "uid-of-" + name,
                "shop",
                name,
                "10.1.2.3",
                "cart",
                Map.of(
                        "k8s.pod.uid", "uid-of-" + name,
                        "k8s.pod.name", name,
                        "k8s.namespace.name", "shop",
                        "k8s.node.name", "node-7",
                        "k8s.deployment.name", workload,
                        "service.istio.io/canonical-name", workload,
                        "service.istio.io/canonical-revision", "v1",
                        "cloud.availability_zone", "eu-west-1a",
                        "mesh.mode", "sidecar"));
    }

    private record OneNamespace(String namespace, Map<String, Pod> byName) implements Pods {
        @Override
        public @Nullable Pod byUid(String uid) {
            return null;
        }

        @Override
        public @Nullable Pod byName(String ofNamespace, String name) {
            return ofNamespace.equals(namespace) ? byName.get(name) : null;
        }

        @Override
        public @Nullable Pod byIp(String ip, long seenEpochNanos) {
            return null;
        }
    }

    private static final class Sink implements Stage {
        @Override
        public void accept(Payload payload) {
            payload.ack().accept();
        }

        @Override
        public void drain(Deadline deadline) {}
    }

    private static final class Taken extends Ack {
        @Override
        protected void onAccepted() {}

        @Override
        protected void onRefused(Refusal refusal) {
            throw new IllegalStateException(refusal.message());
        }
    }
}
