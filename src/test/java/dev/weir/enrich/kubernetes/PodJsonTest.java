package dev.weir.enrich.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the API server sends, as the client reads it. */
class PodJsonTest {

    private final AtomicInteger heard = new AtomicInteger();
    private final KubernetesSerialization json = new PodJson(heard::incrementAndGet).serialization();

    @Test
    void shouldReadAPageWhoseItemsDoNotSayTheirKind() {
        WatchedPods page = json.unmarshal("""
                { "kind": "PodList", "apiVersion": "v1",
                  "metadata": { "resourceVersion": "7", "continue": "next", "remainingItemCount": 3 },
                  "items": [ { "metadata": { "uid": "a", "name": "pod-a", "namespace": "n", "resourceVersion": "5" },
                               "spec": { "containers": [ { "name": "app" } ] } },
                             { "metadata": { "uid": "b", "name": "pod-b", "namespace": "n" } } ] }
                """, WatchedPods.class);

        assertThat(page.getMetadata().getResourceVersion()).isEqualTo("7");
        assertThat(page.getMetadata().getContinue()).isEqualTo("next");
        assertThat(page.getItems()).extracting(pod -> pod.facts().pod().name()).containsExactly("pod-a", "pod-b");
        assertThat(page.getItems().getFirst().getMetadata().getResourceVersion())
                .isEqualTo("5");
        assertThat(heard).hasValue(2);
    }

    @Test
    void shouldReadAnEventAsAPodOfOurs() {
        WatchEvent event = json.unmarshal("""
                { "type": "MODIFIED", "object": { "kind": "Pod", "apiVersion": "v1",
                  "metadata": { "uid": "a", "name": "pod-a", "namespace": "n", "resourceVersion": "8" } } }
                """, WatchEvent.class);

        assertThat(event.getObject())
                .isInstanceOfSatisfying(
                        WatchedPod.class,
                        pod -> assertThat(pod.facts().pod().uid()).isEqualTo("a"));
    }

    @Test
    void shouldHearABookmarkThatIsNoPod() {
        WatchEvent event = json.unmarshal("""
                { "type": "BOOKMARK", "object": { "kind": "Pod", "apiVersion": "v1", "metadata": { "resourceVersion": "9" } } }
                """, WatchEvent.class);

        assertThat(event.getObject()).isInstanceOfSatisfying(WatchedPod.class, pod -> {
            assertThat(pod.facts()).isNull();
            assertThat(pod.getMetadata().getResourceVersion()).isEqualTo("9");
        });
        assertThat(heard).hasValue(1);
    }
}
