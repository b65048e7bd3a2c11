package dev.weir.enrich.kubernetes;

import static java.net.HttpURLConnection.HTTP_GONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ListMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodListBuilder;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An API server that ends the watch, or no longer knows what came after the version at which it stands: a real one cannot be told
 * to.
 */
class PodWatchGoneTest {

    private static final String LIST = "/api/v1/pods?limit=500";
    private static final String WATCH =
            "/api/v1/pods?allowWatchBookmarks=true&resourceVersion=%s&timeoutSeconds=600&watch=true";
    /** Milliseconds: a watch that has nothing more to say is closed. */
    private static final long LATER = 4_000;

    private static final Status GONE = new StatusBuilder()
            .withCode(HTTP_GONE)
            .withReason("Expired")
            .withMessage("too old resource version: 1 (5)")
            .build();

    private final KubernetesMockServer server = new KubernetesMockServer(false);

    @BeforeEach
    void start() {
        server.init();
    }

    @AfterEach
    void stop() {
        server.destroy();
    }

    @Test
    void shouldListAnewWhenTheWatchIsTooOld() {
        lists("1", pod("a"), pod("b"));
        server.expect()
                .withPath(WATCH.formatted("1"))
                .andUpgradeToWebSocket()
                .open()
                .waitFor(1000)
                .andEmit(new WatchEvent(GONE, "ERROR"))
                .done()
                .once();
        lists("5", pod("b"), pod("c"));
        watchesOn();

        try (PodWatch watch = watch()) {
            await().atMost(Duration.ofSeconds(30)).until(() -> watch.byUid("c") != null);

            assertThat(watch.byUid("a")).as("deleted while nobody watched").isNull();
            assertThat(watch.byUid("b")).isNotNull();
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(watch.status().state()).isEqualTo(WatchStatus.State.SYNCED));
        }
    }

    @Test
    void shouldListAnewWhenTheWatchIsRefusedAsTooOld() {
        lists("1", pod("a"));
        server.expect()
                .withPath(WATCH.formatted("1"))
                .andReturn(HTTP_GONE, GONE)
                .once();
        lists("5", pod("c"));
        watchesOn();

        try (PodWatch watch = watch()) {
            await().atMost(Duration.ofSeconds(30)).until(() -> watch.byUid("c") != null);

            assertThat(watch.byUid("a")).isNull();
        }
    }

    @Test
    void shouldGoOnAsIfNothingWereWhenTheWatchIsEndedInAnOrderlyWay() {
        lists("5", pod("a"));
        server.expect()
                .withPath(WATCH.formatted("5"))
                .andUpgradeToWebSocket()
                .open()
                .waitFor(2000)
                .andEmit(new WatchEvent(pod("b"), "ADDED"))
                .done()
                .once();
        server.expect()
                .withPath(WATCH.formatted("1"))
                .andUpgradeToWebSocket()
                .open()
                .waitFor(2000)
                .andEmit(new WatchEvent(pod("c"), "ADDED"))
                .waitFor(LATER)
                .andEmit(new WatchEvent(pod("d"), "ADDED"))
                .done()
                .once();

        try (PodWatch watch = watch()) {
            await().atMost(Duration.ofSeconds(30)).until(() -> watch.byUid("c") != null);

            WatchStatus status = watch.status();
            assertThat(status.state()).isEqualTo(WatchStatus.State.SYNCED);
            assertThat(status.syncs()).isEqualTo(1);
            assertThat(status.failures()).as(status.lastError()).isZero();
        }
    }

    private PodWatch watch() {
        return PodWatch.start(
                () -> new ConfigBuilder().withMasterUrl(server.url("/")).build(), 100, InstantSource.system());
    }

    private void watchesOn() {
        server.expect()
                .withPath(WATCH.formatted("5"))
                .andUpgradeToWebSocket()
                .open()
                .waitFor(LATER)
                .andEmit(new WatchEvent(pod("d"), "ADDED"))
                .done()
                .always();
    }

    private void lists(String version, Pod... pods) {
        server.expect()
                .withPath(LIST)
                .andReturn(
                        200,
                        new PodListBuilder()
                                .withMetadata(new ListMetaBuilder()
                                        .withResourceVersion(version)
                                        .build())
                                .withItems(pods)
                                .build())
                .once();
    }

    private static Pod pod(String uid) {
        return new PodBuilder()
                .withNewMetadata()
                .withUid(uid)
                .withName("pod-" + uid)
                .withNamespace("shop")
                .withResourceVersion("1")
                .endMetadata()
                .build();
    }
}
