package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * A rolling restart as {@code kubernetes/overlays/ratio} makes it: two gateways behind the sender's Envoy, under load; one after
 * the other is told to end, leaves the list of pods when it is no longer ready, and is replaced.
 */
class RollingRestartIT {

    private static final String RATIO = "sample: { ratio: { traces: 0.5 } }\n";
    private static final Map<String, String> DELAY = Map.of("WEIR_SHUTDOWN_DELAY", "2s");
    private static final int SENDERS = 3;
    private static final Duration A_WHILE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile boolean sending = true;
    private int started;

    @AfterEach
    void stop() throws Exception {
        sending = false;
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }

    @Test
    void shouldLoseNothingThatWasAcknowledged(TestReporter reporter) throws InterruptedException {
        // Given
        Manifests manifests = Manifests.of(directory, "istio/overlays/sidecar-ratio");
        RecordingReceiver receiver = add(new RecordingReceiver());
        WeirProcess first = weir(receiver);
        WeirProcess second = weir(receiver);
        SenderProxy proxy = add(new SenderProxy(
                sub("proxy"),
                manifests.get("DestinationRule", "weir"),
                manifests.get("VirtualService", "weir"),
                first.grpcPort(),
                second.grpcPort()));
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            int seed = i;
            senders.add(Thread.startVirtualThread(() -> send(proxy, new Random(seed))));
        }
        senders.add(Thread.startVirtualThread(() -> callApplication(proxy, Integer.MAX_VALUE)));
        awaitSome(first);
        awaitSome(second);

        // When
        WeirProcess third = replace(proxy, first, second, receiver);
        awaitSome(third);
        WeirProcess fourth = replace(proxy, second, third, receiver);
        awaitSome(fourth);
        sending = false;
        for (Thread sender : senders) {
            sender.join();
        }
        await().atMost(A_WHILE).until(() -> proxy.stat("tracing.opentelemetry.spans_sent") == requests.get());
        await().atMost(A_WHILE).until(() -> proxy.stat(SenderProxy.OWN_SPANS, "upstream_rq_active") == 0);
        third.awaitBalancedLedger();
        fourth.awaitBalancedLedger();

        // Then
        Map<String, Long> arrived = MeshSpan.all(receiver)
                .filter(span -> !span.scope().equals("envoy"))
                .collect(Collectors.groupingBy(span -> id(span.span()), Collectors.counting()));
        Set<String> lost = acknowledged.stream()
                .filter(span -> isKept(span) && !arrived.containsKey(span))
                .collect(Collectors.toSet());
        long fromEnvoy = fromEnvoy(receiver);
        long sent = proxy.stat("tracing.opentelemetry.spans_sent");
        long failed = proxy.stat(SenderProxy.OWN_SPANS, "upstream_rq_5xx");
        reporter.publishEntry(Map.of(
                "acknowledged spans", Integer.toString(acknowledged.size()),
                "of them to be kept",
                        Long.toString(acknowledged.stream()
                                .filter(RollingRestartIT::isKept)
                                .count()),
                "of them lost", Integer.toString(lost.size()),
                "arrived twice",
                        Long.toString(arrived.values().stream()
                                .filter(times -> times > 1)
                                .count()),
                "calls that failed at the sender", Integer.toString(refused.get()),
                "tried again by Envoy", Long.toString(proxy.stat(SenderProxy.APPLICATION, "upstream_rq_retry")),
                "Envoy's own spans, sent", Long.toString(sent),
                "Envoy's own spans, lost", Long.toString(sent - fromEnvoy),
                "Envoy's own exports, failed", Long.toString(failed)));
        assertThat(acknowledged).hasSizeGreaterThan(1_000);
        assertThat(lost).as("acknowledged, to be kept, and not there").isEmpty();
        assertThat(arrived.keySet()).as("kept by the same rule in every pod").allMatch(RollingRestartIT::isKept);
        assertThat(sent).as("Envoy's own spans").isPositive();
        assertThat(sent - fromEnvoy)
                .as("Envoy's own spans that it lost: those of exports that failed, and no other")
                .isBetween(failed, failed * sent);
    }

    /** That the account above can tell: Envoy does not try its own spans again, and says only that it handed them over. */
    @Test
    void shouldCountWhatEnvoyLosesWhileNobodyIsThere(TestReporter reporter) throws InterruptedException {
        // Given
        int calls = 100;
        Manifests manifests = Manifests.of(directory, "istio/overlays/sidecar-ratio");
        RecordingReceiver receiver = add(new RecordingReceiver());
        WeirProcess only = weir(receiver);
        SenderProxy proxy = add(new SenderProxy(
                sub("proxy"),
                manifests.get("DestinationRule", "weir"),
                manifests.get("VirtualService", "weir"),
                only.grpcPort()));
        callApplication(proxy, calls);
        await().atMost(A_WHILE).until(() -> fromEnvoy(receiver) == calls);

        // When
        assertThat(only.stop()).isZero();
        callApplication(proxy, calls);
        await().atMost(A_WHILE).until(() -> proxy.stat("tracing.opentelemetry.spans_sent") == 2 * calls);

        // Then
        long lost = proxy.stat("tracing.opentelemetry.spans_sent") - fromEnvoy(receiver);
        long failed = proxy.stat(SenderProxy.OWN_SPANS, "upstream_rq_5xx");
        reporter.publishEntry(Map.of(
                "Envoy's own spans, lost", Long.toString(lost),
                "Envoy's own exports, failed", Long.toString(failed)));
        assertThat(lost).isEqualTo(calls);
        assertThat(failed).isPositive();
    }

    /** What a Deployment with {@code maxUnavailable: 0} and istiod do: the new one first, then the old one ends. */
    private WeirProcess replace(SenderProxy proxy, WeirProcess old, WeirProcess other, RecordingReceiver receiver) {
        WeirProcess next = weir(receiver);
        proxy.pods(old.grpcPort(), other.grpcPort(), next.grpcPort());
        old.process().terminate();
        await().atMost(A_WHILE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !Http.isOk(old.adminUrl("/q/health/ready")));
        proxy.pods(other.grpcPort(), next.grpcPort());
        assertThat(old.process().exitCode()).as(old.output()).isZero();
        return next;
    }

    private WeirProcess weir(RecordingReceiver receiver) {
        return add(WeirProcess.start(sub("weir-" + ++started), RATIO + receiver.asDestination(), DELAY, List.of()));
    }

    /** Envoy's own spans that got through. */
    private static long fromEnvoy(RecordingReceiver receiver) {
        return MeshSpan.all(receiver)
                .filter(span -> span.scope().equals("envoy"))
                .map(span -> id(span.span()))
                .distinct()
                .count();
    }

    private static void awaitSome(WeirProcess weir) {
        await().atMost(A_WHILE).until(() -> weir.metric("weir_received_items_total") > 500);
    }

    /** Half of a trace in a call, so that its spans come to different gateways. */
    private void send(SenderProxy proxy, Random random) {
        try (OtlpClient client = new OtlpClient(proxy.otlpPort())) {
            while (sending) {
                byte[] traceId = new byte[16];
                random.nextBytes(traceId);
                for (int half = 0; half < 2; half++) {
                    ExportTraceServiceRequest request = ofTrace(traceId, Samples.spans("cart", 5));
                    try {
                        client.export(request);
                        spans(request).forEach(span -> acknowledged.add(id(span)));
                    } catch (StatusRuntimeException e) {
                        refused.incrementAndGet();
                    }
                }
            }
        }
    }

    /** Each call is a span of Envoy's own, in a trace that is kept. */
    private void callApplication(SenderProxy proxy, int times) {
        Random random = new Random(99);
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < times && sending; i++) {
                byte[] traceId = new byte[16];
                random.nextBytes(traceId);
                traceId[9] |= (byte) 0x80;
                String parent = "00-" + HexFormat.of().formatHex(traceId) + "-00f067aa0ba902b7-01";
                client.send(
                        HttpRequest.newBuilder(URI.create(proxy.applicationUrl()))
                                .header("traceparent", parent)
                                .build(),
                        BodyHandlers.discarding());
                requests.incrementAndGet();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ExportTraceServiceRequest ofTrace(byte[] traceId, ExportTraceServiceRequest request) {
        ExportTraceServiceRequest.Builder builder = request.toBuilder();
        ScopeSpans.Builder scope = builder.getResourceSpansBuilder(0).getScopeSpansBuilder(0);
        scope.getSpansBuilderList().forEach(span -> span.setTraceId(ByteString.copyFrom(traceId)));
        return builder.build();
    }

    private static List<Span> spans(ExportTraceServiceRequest request) {
        return request.getResourceSpans(0).getScopeSpans(0).getSpansList();
    }

    private static String id(Span span) {
        return HexFormat.of().formatHex(span.getTraceId().toByteArray()) + " "
                + HexFormat.of().formatHex(span.getSpanId().toByteArray());
    }

    /** With a ratio of one half: when the first of the 56 random bits is 1. */
    private static boolean isKept(String id) {
        return Character.digit(id.charAt(18), 16) >= 8;
    }

    private Path sub(String name) {
        try {
            return Files.createDirectories(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }
}
