package dev.weir.enrich.kubernetes;

import static dev.weir.enrich.kubernetes.PodFixture.running;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An address that moves never names the wrong pod. */
class PodIndexTest {

    private final PodIndex index = new PodIndex(10);

    @BeforeEach
    void current() {
        index.currentUntil(Long.MAX_VALUE);
    }

    @Test
    void shouldFindAPodByEachAddressFromWhenItHadIt() {
        index.put(running("a", 100, "10.0.0.1", "fd00::1"));

        assertThat(name("10.0.0.1", 100)).isEqualTo("a");
        assertThat(name("fd00::1", 200)).isEqualTo("a");
        assertThat(name("10.0.0.1", 99)).isNull();
    }

    @Test
    void shouldNotFindAPodForWhatBeganAfterItWasToldToEnd() {
        index.put(new PodFacts(
                new Pod("a", "shop", "a", "10.0.0.1", null, Map.of()), new Addresses(List.of("10.0.0.1"), 100, 200)));

        assertThat(name("10.0.0.1", 200)).isEqualTo("a");
        assertThat(name("10.0.0.1", 201)).isNull();
    }

    @Test
    void shouldGiveAnAddressToTheLaterPodInWhateverOrderTheyCome() {
        index.put(running("later", 200, "10.0.0.1"));
        index.put(running("earlier", 100, "10.0.0.1"));
        assertThat(name("10.0.0.1", 300)).isEqualTo("later");
        assertThat(name("10.0.0.1", 150)).isNull();

        index.put(running("latest", 250, "10.0.0.1"));
        assertThat(name("10.0.0.1", 300)).isEqualTo("latest");
    }

    @Test
    void shouldNotGiveAnAddressBackToThePodThatLostIt() {
        index.put(running("earlier", 100, "10.0.0.1"));
        index.put(running("later", 200, "10.0.0.1"));
        index.remove("later");
        index.put(running("earlier", 100, "10.0.0.1"));

        assertThat(name("10.0.0.1", 300)).isNull();
    }

    @Test
    void shouldGiveAnAddressToNeitherOfTwoThatCannotBeTold() {
        index.put(running("a", 100, "10.0.0.1"));
        index.put(running("b", 100, "10.0.0.1"));
        assertThat(name("10.0.0.1", 300)).isNull();

        index.remove("b");
        index.put(running("a", 100, "10.0.0.1"));
        assertThat(name("10.0.0.1", 300)).isNull();
    }

    @Test
    void shouldFollowAPodToItsNextAddress() {
        index.put(running("a", 100, "10.0.0.1"));
        index.put(running("a", 200, "10.0.0.2"));

        assertThat(name("10.0.0.1", 300)).isNull();
        assertThat(name("10.0.0.2", 300)).isEqualTo("a");
    }

    @Test
    void shouldForgetTheAddressOfAPodThatHasEnded() {
        index.put(running("a", 100, "10.0.0.1"));
        index.put(running("a", 100));

        assertThat(name("10.0.0.1", 300)).isNull();
        assertThat(index.byUid("a")).isNotNull();
    }

    @Test
    void shouldFindByAddressOnlyWhatBeganWhileItWasCurrent() {
        index.put(running("a", 100, "10.0.0.1"));
        index.currentUntil(200);

        assertThat(name("10.0.0.1", 200)).isEqualTo("a");
        assertThat(name("10.0.0.1", 201)).isNull();
        assertThat(index.byUid("a")).isNotNull();
        assertThat(index.byName("shop", "name-of-a")).isNotNull();
    }

    @Test
    void shouldFindByNameThePodThatHasItNow() {
        index.put(running("first", "web-0", 100));
        index.put(running("second", "web-0", 200));
        index.remove("first");

        assertThat(index.byName("shop", "web-0").uid()).isEqualTo("second");
        assertThat(index.byName("other", "web-0")).isNull();
    }

    @Test
    void shouldCountWhatIsSaidOfPodsBeyondTheLimitAndFollowTheOthers() {
        for (int i = 0; i < 12; i++) {
            index.put(running("pod-" + i, 100));
        }
        assertThat(index.size()).isEqualTo(10);
        assertThat(index.ignored()).isEqualTo(2);

        index.put(running("pod-0", "renamed", 100));
        assertThat(index.byName("shop", "renamed")).isNotNull();
        index.remove("pod-0");
        index.put(running("pod-11", 100));
        assertThat(index.byUid("pod-11")).isNotNull();
    }

    private String name(String ip, long seen) {
        Pod pod = index.byIp(ip, seen);
        return pod == null ? null : pod.uid();
    }
}
