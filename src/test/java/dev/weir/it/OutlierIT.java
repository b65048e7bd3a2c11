package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.FreePorts;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom a real Envoy throws out by the outlier detection of {@code istio/overlays/sidecar-ratio}: the dead, not the busy. */
class OutlierIT {

    /** Twelve of the rule's intervals. */
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    private static final int MANY_REFUSALS = 200;
    private static final String EJECTIONS = "outlier_detection.ejections_enforced_total";

    @TempDir
    Path directory;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private RecordingReceiver receiver;
    private WeirProcess busy;
    private WeirProcess idle;
    private JsonNode rule;
    private JsonNode routes;

    @BeforeEach
    void start() {
        Manifests manifests = Manifests.of(directory, "istio/overlays/sidecar-ratio");
        rule = manifests.get("DestinationRule", "weir");
        routes = manifests.get("VirtualService", "weir");
        receiver = add(new RecordingReceiver()).forget();
        busy = add(WeirProcess.start(sub("busy"), """
                batch: { age: 50ms }
                export:
                  recorder:
                    protocol: grpc
                    endpoint: "http://127.0.0.1:%d"
                    queue: { size: 64KiB, when-full: refuse }
                    max-message-size: 16KiB
                    retry: { initial: 100ms, max: 1s }
                """.formatted(receiver.port())));
        idle = add(WeirProcess.start(
                sub("idle"), add(new RecordingReceiver()).forget().asDestination()));
    }

    @AfterEach
    void stop() throws Exception {
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }

    @Test
    void shouldKeepAWeirThatRefusesForAMinuteAndThrowOutNobody() {
        // Given
        receiver.refuse(true);
        try (SenderProxy proxy = new SenderProxy(sub("proxy"), rule, routes, busy.grpcPort(), idle.grpcPort())) {
            call(proxy, sent -> refusals() > 0);

            // When
            long until = System.nanoTime() + A_MINUTE.toNanos();
            Calls calls = call(proxy, sent -> System.nanoTime() > until && refusals() >= MANY_REFUSALS);

            // Then
            assertThat(calls.unavailable).isGreaterThanOrEqualTo(MANY_REFUSALS);
            assertThat(proxy.stat(SenderProxy.APPLICATION, "upstream_rq_retry"))
                    .as("refusals tried again")
                    .isZero();
            assertThat(proxy.stat(SenderProxy.APPLICATION, EJECTIONS)).isZero();
            assertThat(proxy.isThrownOut(busy.grpcPort())).isFalse();

            // When
            receiver.refuse(false);

            // Then
            double before = busy.metric("weir_received_items_total");
            await().untilAsserted(() -> {
                call(proxy, sent -> sent >= 10);
                assertThat(busy.metric("weir_received_items_total")).isGreaterThan(before);
            });
        }
    }

    @Test
    void shouldThrowOutAHostThatIsNotThereAndLoseNothing() {
        // Given
        int closed = FreePorts.next();
        try (SenderProxy proxy = new SenderProxy(sub("proxy"), rule, routes, idle.grpcPort(), closed)) {
            // When
            Calls calls = call(proxy, sent -> sent >= 20 && proxy.isThrownOut(closed));

            // Then
            assertThat(calls.unavailable).as("each was tried again elsewhere").isZero();
            assertThat(proxy.stat(
                            SenderProxy.APPLICATION,
                            "outlier_detection.ejections_enforced_consecutive_local_origin_failure"))
                    .isEqualTo(1);
            assertThat(proxy.isThrownOut(idle.grpcPort())).isFalse();
        }
    }

    /** Why the rule is as it is: Envoy takes UNAVAILABLE for a 503. */
    @Test
    void shouldThrowOutABusyWeirByTheRuleThatIsUsual() {
        // Given
        receiver.refuse(true);
        ObjectNode usual = rule.deepCopy();
        ((ObjectNode) usual.at("/spec/trafficPolicy/outlierDetection")).put("consecutive5xxErrors", 5);
        try (SenderProxy proxy = new SenderProxy(sub("proxy"), usual, routes, busy.grpcPort(), idle.grpcPort())) {
            // When
            call(proxy, sent -> sent > 10_000 || proxy.isThrownOut(busy.grpcPort()));

            // Then
            assertThat(proxy.stat(SenderProxy.APPLICATION, EJECTIONS)).isPositive();
        }
    }

    private record Calls(int unavailable, int taken) {}

    private interface Enough {
        boolean after(int sent);
    }

    private static Calls call(SenderProxy proxy, Enough enough) {
        int unavailable = 0;
        int taken = 0;
        try (OtlpClient client = new OtlpClient(proxy.otlpPort())) {
            while (!enough.after(unavailable + taken)) {
                try {
                    client.export(Samples.spans("cart", 20));
                    taken++;
                } catch (StatusRuntimeException e) {
                    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                    unavailable++;
                }
            }
        }
        return new Calls(unavailable, taken);
    }

    private double refusals() {
        return busy.metric("weir_receive_refused_requests_total");
    }

    private <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    private Path sub(String name) {
        try {
            return Files.createDirectories(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
