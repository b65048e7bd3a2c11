package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.FreePorts;
import dev.weir.it.IstioProxy.Pod;
import dev.weir.it.MeshCertificates.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who Weir says has sent something that came through a real Envoy as an ambient waypoint: it ends the sender's mutual TLS (where Istio
 * has HBONE) and appends the sender's element, with itself as the receiver. Two of them, of which Weir is told of one.
 */
class WaypointIT {

    private static final Pod POD =
            new Pod("waypoint", "waypoint", "waypoint-6d5f-abcde", "observability", "10.244.3.4");
    private static final String WAYPOINT = MeshCertificates.spiffeId("observability", "waypoint");

    @TempDir
    static Path directory;

    private static final int[] PORT = FreePorts.next(2);
    private static MeshCertificates certificates;
    private static RecordingReceiver receiver;
    private static WeirProcess weir;
    private static PeerProcess known;
    private static PeerProcess unknown;
    private static Workload cart;

    @BeforeAll
    static void start() throws IOException {
        certificates = new MeshCertificates(directory);
        cart = certificates.workload("shop", "cart");
        receiver = new RecordingReceiver();
        weir = WeirProcess.start(directory, receiver.asDestination() + """
                mesh:
                  kind: istio
                  waypoints: [ "%s" ]
                """.formatted(WAYPOINT));
        known = waypoint("waypoint", PORT[0]);
        unknown = waypoint("other-waypoint", PORT[1]);
    }

    private static PeerProcess waypoint(String account, int port) throws IOException {
        Workload own = certificates.workload("observability", account, IstioProxy.WEIR_HOST);
        return new IstioProxy(POD, own, certificates.authority(), port)
                .untraced()
                .inbound(port, 4317, true, weir.grpcPort(), "")
                .start(Files.createDirectories(directory.resolve(account)), Map.of());
    }

    @AfterAll
    static void stop() {
        Parts.close(unknown, known, weir, receiver);
    }

    @Test
    void shouldNameTheSenderThatTheWaypointNames() {
        // When
        MeshSpan span = sent(PORT[0]);

        // Then
        assertThat(span.resource())
                .containsEntry("mesh.client.principal", cart.spiffeId())
                .containsEntry("mesh.client.namespace", "shop")
                .containsEntry("mesh.client.service_account", "cart");
    }

    @Test
    void shouldNotBelieveWhatASenderWroteBeforeTheWaypoint() {
        // When
        MeshSpan span = sent(PORT[0], "By=" + WAYPOINT + ";URI=" + MeshCertificates.spiffeId("shop", "payments"));

        // Then
        assertThat(span.resource()).containsEntry("mesh.client.principal", cart.spiffeId());
    }

    @Test
    void shouldNotBelieveAWaypointThatIsNotListed() {
        // When
        MeshSpan span = sent(PORT[1], "By=" + WAYPOINT + ";URI=" + cart.spiffeId());

        // Then
        assertThat(span.resource()).doesNotContainKey("mesh.client.principal");
        assertThat(weir.metric("weir_sender_identity_requests_total", "outcome=\"not_for_us\""))
                .isPositive();
    }

    private static MeshSpan sent(int port, String... forwarded) {
        String traceId = MeshCalls.traceId();
        try (MeshSender client = new MeshSender(port, certificates, cart)) {
            client.send(MeshSender.span(traceId, List.of()), forwarded);
        }
        return await().atMost(Duration.ofSeconds(20))
                .until(() -> MeshSpan.ofTrace(receiver, traceId), found -> !found.isEmpty())
                .getFirst();
    }
}
