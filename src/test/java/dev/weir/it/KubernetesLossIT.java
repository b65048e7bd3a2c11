package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.enrich.kubernetes.PodWatch;
import dev.weir.enrich.kubernetes.WatchStatus;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real API server that is lost, falls silent or is cut off, and comes back. */
class KubernetesLossIT {

    private static final String STARTED = "2026-01-31T10:00:00Z";
    private static final long LONG_AFTER = nanos(Instant.parse("2026-01-31T11:00:00Z"));
    private static final Duration SOON = Duration.ofSeconds(20);

    /** The pauses between attempts grow to half a minute. */
    private static final Duration AFTER_PAUSES = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    private volatile Duration ahead = Duration.ZERO;
    private final InstantSource clock = () -> Instant.now().plus(ahead);
    private PeerProcess etcd;
    private KubeApiServer server;

    @BeforeEach
    void start() {
        Peers.program("kube-apiserver"); // skips before anything is started
        etcd = KubeApiServer.etcd(directory);
        server = KubeApiServer.before(etcd, directory);
        server.allowPods();
    }

    @AfterEach
    void stop() {
        Parts.close(server, etcd);
    }

    @Test
    void shouldComeBackWithTheApiServerAndMissNothing() {
        KubePods pods = new KubePods(server.admin());
        String stays = pods.create("stays", "10.1.0.8", STARTED);
        String goes = pods.create("goes", "10.1.0.9", STARTED);
        try (KubeApiServer other = KubeApiServer.before(etcd, directory);
                PodWatch watch = watch()) {
            awaitSynced(watch);

            // When
            server.kill();
            KubePods meanwhile = new KubePods(other.admin());
            meanwhile.delete("goes");
            String next = meanwhile.create("next", "10.1.0.9", "2026-01-31T10:30:00Z");

            // Then
            await().atMost(SOON).until(() -> watch.status().state() == WatchStatus.State.BROKEN);
            assertThat(watch.status().lastError()).isNotBlank();
            assertThat(watch.byUid(stays)).isNotNull();
            assertThat(watch.byIp("10.1.0.8", LONG_AFTER)).as("before it broke").isNotNull();
            assertThat(watch.byIp("10.1.0.9", nanos(Instant.now().plusSeconds(1))))
                    .as("another's meanwhile, and nobody knows")
                    .isNull();

            // When
            server.restart();

            // Then
            await().atMost(AFTER_PAUSES).until(() -> watch.status().state() == WatchStatus.State.SYNCED);
            await().atMost(SOON).until(() -> watch.byUid(next) != null && watch.byUid(goes) == null);
            assertThat(watch.byIp("10.1.0.9", LONG_AFTER).uid()).isEqualTo(next);
            assertThat(watch.byUid(stays)).isNotNull();
        }
    }

    @Test
    void shouldBeginAnewWhenTheApiServerHasLongSaidNothing() {
        String uid = new KubePods(server.admin()).create("there", "10.1.0.12", STARTED);
        try (PodWatch watch = watch()) {
            awaitSynced(watch);

            // When
            server.pause();
            ahead = Duration.ofMinutes(4);

            // Then
            await().atMost(SOON).until(() -> watch.status().state() == WatchStatus.State.BROKEN);
            assertThat(watch.status().lastError()).contains("nothing was heard");
            assertThat(watch.byIp("10.1.0.12", nanos(clock.instant())))
                    .as("perhaps another's by now")
                    .isNull();
            assertThat(watch.byUid(uid)).isNotNull();

            // When
            server.resume();

            // Then
            await().atMost(AFTER_PAUSES).until(() -> watch.status().state() == WatchStatus.State.SYNCED);
            assertThat(watch.byIp("10.1.0.12", nanos(clock.instant()))).isNotNull();
        }
    }

    @Test
    void shouldOutliveTheLossOfItsConnectionAndASilentOne() {
        KubePods pods = new KubePods(server.admin());
        pods.create("there", "10.1.0.13", STARTED);
        try (TcpRelay relay = new TcpRelay(server.port());
                PodWatch watch = PodWatch.start(
                        () -> new ConfigBuilder(server.configOfUser())
                                .withMasterUrl("https://127.0.0.1:" + relay.port())
                                .build(),
                        100,
                        clock)) {
            awaitSynced(watch);

            // When: the one of the watch, which is opened after that of the list
            relay.cutLast();
            String meanwhile = pods.create("meanwhile", "10.1.0.14", STARTED);

            // Then: nobody need hear of it
            await().atMost(SOON).until(() -> watch.byUid(meanwhile) != null);
            await().atMost(SOON).until(() -> watch.byIp("10.1.0.14", nanos(clock.instant())) != null);
            assertThat(watch.status().failures()).as(watch.status().lastError()).isZero();

            // When
            relay.freeze();
            String unheard = pods.create("unheard", "10.1.0.15", STARTED);
            ahead = Duration.ofMinutes(4);

            // Then
            await().atMost(SOON).until(() -> watch.byUid(unheard) != null);
            await().atMost(SOON).until(() -> watch.status().state() == WatchStatus.State.SYNCED);
            assertThat(watch.status().lastError()).contains("nothing was heard");
            assertThat(watch.status().failures()).isEqualTo(1);
        }
    }

    private PodWatch watch() {
        return PodWatch.start(server::configOfUser, 100, clock);
    }

    private static void awaitSynced(PodWatch watch) {
        await().atMost(AFTER_PAUSES).until(() -> watch.status().state() == WatchStatus.State.SYNCED);
    }

    private static long nanos(Instant time) {
        return TimeUnit.SECONDS.toNanos(time.getEpochSecond());
    }
}
