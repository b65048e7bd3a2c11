package dev.weir.enrich.senders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.enrich.senders.SenderKey.Kind;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SenderKeyTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "shop, cart-1, cart.shop, shop/cart-1",
                "shop, -, cart, shop/cart",
                "-, cart-1, -, cart-1",
                "'', '', cart, cart",
            })
    void shouldNameAWorkloadByItsPodElseByItsService(String namespace, String pod, String service, String name) {
        assertThat(SenderKey.claimed(namespace, pod, service)).isEqualTo(new SenderKey(Kind.CLAIMED, name, false));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"shop, -, -", "-, '', ''"})
    void shouldNotNameAWorkloadThatSaysNothingOfItself(String namespace, String pod, String service) {
        assertThat(SenderKey.claimed(namespace, pod, service)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"10.1.2.3:4711, 10.1.2.3", "[::1]:4711, [::1]", "unknown, unknown", "null, null"})
    void shouldLeaveOutThePortOfAPeer(String peer, String name) {
        assertThat(SenderKey.peer(peer)).isEqualTo(new SenderKey(Kind.PEER, name, false));
    }

    @Test
    void shouldNotMistakeAClaimForACertificate() {
        String principal = "spiffe://cluster.local/ns/shop/sa/cart";
        assertThat(SenderKey.claimed(null, null, principal)).isNotEqualTo(SenderKey.verified(principal, false));
    }

    @Test
    void shouldCutALongNameBetweenCharacters() {
        String face = Character.toString(0x1F600);
        String name = "x".repeat(SenderKey.LONGEST - 1) + face + "tail";

        SenderKey key = Objects.requireNonNull(SenderKey.claimed(null, name, null));

        assertThat(key.name()).isEqualTo("x".repeat(SenderKey.LONGEST - 1));
    }

    @Test
    void shouldTellTheLongestNamesOfKubernetesApart() {
        String longest = "spiffe://cluster.local/ns/" + "n".repeat(63) + "/sa/" + "s".repeat(252);

        assertThat(SenderKey.verified(longest + "1", false)).isNotEqualTo(SenderKey.verified(longest + "2", false));
    }

    @Test
    void shouldOrderWhatIsNotEqual() {
        SenderKey relay = SenderKey.verified("a", true);
        assertThat(relay).isNotEqualByComparingTo(SenderKey.verified("a", false));
        assertThat(relay).isNotEqualByComparingTo(new SenderKey(Kind.PEER, "a", true));
        assertThat(relay).isLessThan(SenderKey.verified("b", true));
        assertThat(relay).isEqualByComparingTo(SenderKey.verified("a", true));
    }
}
