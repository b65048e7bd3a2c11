package dev.weir.enrich.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is remembered, and who is pushed out when the room is used up. */
class CallerCacheTest {

    private static final int MOST = 100;

    private final CallerCache cache = new CallerCache(MOST);

    @Test
    void shouldRememberWhatWasVerified() {
        Caller cart = caller("cart");
        cache.put("text", cart);

        assertThat(cache.get("text")).isSameAs(cart);
        assertThat(cache.get("other")).isNull();
    }

    @Test
    void shouldRememberNeitherRefusalsNorLongTexts() {
        cache.put("text", Caller.unknown(Outcome.UNBALANCED));
        cache.put("x".repeat(CallerCache.MOST_LENGTH + 1), caller("cart"));

        assertThat(cache.size()).isZero();
    }

    @Test
    void shouldPushOutOnlyTheTextsOfWhoeverFloods() {
        for (int i = 0; i < 10; i++) {
            cache.put("good " + i, caller("good-" + i));
        }
        for (int i = 0; i < 10 * MOST; i++) {
            cache.put("flood " + i, caller("evil"));
        }

        assertThat(cache.size()).isEqualTo(MOST);
        for (int i = 0; i < 10; i++) {
            assertThat(cache.get("good " + i)).isNotNull();
        }
        assertThat(cache.get("flood " + (10 * MOST - 1))).isNotNull();
        assertThat(cache.get("flood 0")).isNull();
    }

    @Test
    void shouldLetOthersInAfterAFlood() {
        for (int i = 0; i < MOST; i++) {
            cache.put("flood " + i, caller("evil"));
        }
        for (int i = 0; i < MOST / 2; i++) {
            cache.put("good " + i, caller("good-" + i % 5));
        }

        assertThat(cache.size()).isEqualTo(MOST);
        for (int i = 0; i < MOST / 2; i++) {
            assertThat(cache.get("good " + i)).as("good %d", i).isNotNull();
        }
    }

    @Test
    void shouldStayBoundedWithMoreIdentitiesThanRoom() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 5 * MOST; i++) {
            texts.add("text " + i);
            cache.put("text " + i, caller("one-" + i));
        }

        assertThat(cache.size()).isEqualTo(MOST);
        assertThat(texts.stream().filter(text -> cache.get(text) != null)).hasSize(MOST);
    }

    private static Caller caller(String serviceAccount) {
        return new Caller(
                SpiffeId.parse("spiffe://cluster.local/ns/shop/sa/" + serviceAccount), false, Outcome.VERIFIED);
    }
}
