package dev.weir.enrich.senders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weir.enrich.senders.SenderVolume.Counts;
import dev.weir.pipeline.Sender.Protocol;
import dev.weir.pipeline.Signal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is counted of whom, and what becomes of it when the table is full. */
final class SendersTest {

    private static final SenderKey CART = SenderKey.verified("spiffe://cluster.local/ns/shop/sa/cart", false);
    private static final long NOON = 1_763_700_000_000L;
    private static final long MINUTE = 60_000;

    private final Senders senders = new Senders(3);

    @Test
    void shouldCountBySignal() {
        senders.note(CART, Protocol.GRPC, Signal.TRACES, 5, 700, false, NOON);
        senders.note(CART, Protocol.HTTP_JSON, Signal.TRACES, 3, 300, true, NOON + 5);
        senders.note(CART, Protocol.GRPC, Signal.LOGS, 1, 50, false, NOON + 9);

        SenderStatus status = senders.read(10).senders().getFirst();

        assertThat(status.key()).isEqualTo(CART);
        assertThat(status.volume().signals())
                .isEqualTo(Map.of(Signal.TRACES, new Counts(2, 8, 1000), Signal.LOGS, new Counts(1, 1, 50)));
        assertThat(status.volume().mismatches()).isEqualTo(1);
        assertThat(status.protocols()).containsExactlyInAnyOrder(Protocol.GRPC, Protocol.HTTP_JSON);
        assertThat(status.firstSeen()).isEqualTo(Instant.ofEpochMilli(NOON));
        assertThat(status.lastSeen()).isEqualTo(Instant.ofEpochMilli(NOON + 9));
        assertThat(senders.mismatches()).isEqualTo(1);
    }

    @Test
    void shouldShowThoseWhoSentMostAndAddUpTheRest() {
        send("small", 10, NOON);
        send("big", 1000, NOON);
        send("middle", 100, NOON);

        Senders.Reading reading = senders.read(1);

        assertThat(names(reading)).containsExactly("big");
        assertThat(reading.others().bytes()).isEqualTo(110);
        assertThat(reading.known()).isEqualTo(3);
        assertThat(reading.most()).isEqualTo(3);
        assertThat(names(senders.read(10))).containsExactly("big", "middle", "small");
        assertThat(senders.read(10).others()).isEqualTo(SenderVolume.NONE);
    }

    @Test
    void shouldCountANewcomerAmongTheOthersWhileTheTableIsFull() {
        fill(1000);

        send("newcomer", 10, NOON + 3000);

        assertThat(names(senders.read(10))).doesNotContain("newcomer");
        assertThat(senders.read(10).others().signals()).isEqualTo(Map.of(Signal.TRACES, new Counts(1, 1, 10)));
    }

    @Test
    void shouldGiveANewcomerThePlaceOfOneWhoSentLessLately() {
        fill(1000);
        send("a", 5000, NOON);
        send("c", 5000, NOON);
        long now = NOON + 3000;

        for (int i = 0; i < 5; i++) { // 2,000 are twice as much as b's, and not yet more
            send("newcomer", 500, now += 1000);
        }

        Senders.Reading reading = senders.read(10);
        assertThat(names(reading)).containsExactly("a", "c", "newcomer");
        assertThat(reading.senders().getLast().volume().bytes()).isEqualTo(500);
        assertThat(reading.others().bytes()).isEqualTo(4 * 500 + 1000);
        assertThat(reading.forgotten()).isEqualTo(1);
    }

    @Test
    void shouldForgetWhoHasBeenSilentForLong() {
        fill(1 << 20);
        long later = NOON + 25 * MINUTE;
        send("a", 10, later);
        send("b", 10, later);

        send("newcomer", 10, later);

        assertThat(names(senders.read(10))).containsExactlyInAnyOrder("a", "b", "newcomer");
    }

    @Test
    void shouldNotTakeAPlaceThatWasJustGiven() {
        fill(1);
        send("newcomer", 1000, NOON + 1999);
        assertThat(names(senders.read(10))).containsExactly("a", "b", "c");

        send("newcomer", 1000, NOON + 2500);
        assertThat(names(senders.read(10))).contains("newcomer");
    }

    @Test
    void shouldAddUpWhateverBecomesOfTheTable() {
        long sent = 0;
        long now = NOON;
        for (int i = 0; i < 20_000; i++) {
            int bytes = 1 + i * 31 % 997;
            send("sender " + i * 7919 % 113, bytes, now += 50);
            sent += bytes;
        }

        Senders.Reading reading = senders.read(2);

        long shown =
                reading.senders().stream().mapToLong(s -> s.volume().bytes()).sum();
        assertThat(shown + reading.others().bytes()).isEqualTo(sent);
        assertThat(reading.forgotten()).isGreaterThan(10);
        assertThat(reading.known()).isEqualTo(3);
    }

    @Test
    void shouldCountOutcomes() {
        senders.outcome("verified");
        senders.outcome("none");
        senders.outcome("verified");

        assertThat(senders.outcomes()).isEqualTo(Map.of("none", 1L, "verified", 2L));
    }

    @Test
    void shouldRejectATableWithoutPlaces() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Senders(0)).withMessageContaining("at least one");
    }

    private void fill(int bytes) {
        for (String name : List.of("a", "b", "c")) {
            send(name, bytes, NOON);
        }
    }

    private void send(String name, int bytes, long now) {
        senders.note(SenderKey.verified(name, false), Protocol.GRPC, Signal.TRACES, 1, bytes, false, now);
    }

    private static List<String> names(Senders.Reading reading) {
        return reading.senders().stream().map(s -> s.key().name()).toList();
    }
}
