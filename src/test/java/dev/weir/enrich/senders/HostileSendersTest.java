package dev.weir.enrich.senders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.Sender.Protocol;
import dev.weir.pipeline.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Somebody who makes up a name for each request. */
final class HostileSendersTest {

    private static final long NOON = 1_763_700_000_000L;
    private static final int MOST = 100;
    private static final int HONEST = 60;
    private static final int BYTES = 4000;

    private final Senders senders = new Senders(MOST);

    /** Ten minutes in steps of 20 ms; in each, 50 made-up names, and one of the honest senders: each has 1/3,000 of it. */
    @Test
    void shouldKeepThoseWhoSendMoreThanAThousandthOfWhatTheHostileSends() {
        long now = NOON;
        for (int i = 0; i < HONEST; i++) {
            note(honest(i), now);
        }
        int madeUp = 0;
        for (int step = 0; step < 30_000; step++) {
            now += 20;
            note(honest(step % HONEST), now);
            for (int i = 0; i < 50; i++) {
                note(SenderKey.claimed(null, "made-up-" + madeUp++, null), now);
            }
        }

        Senders.Reading reading = senders.read(Integer.MAX_VALUE);
        assertThat(reading.known()).isEqualTo(MOST);
        assertThat(reading.senders().stream().map(SenderStatus::key).limit(HONEST))
                .allMatch(key -> key.kind() == SenderKey.Kind.VERIFIED);
        assertThat(reading.senders().getFirst().volume().bytes()).isEqualTo((1 + 30_000L / HONEST) * BYTES);
        assertThat(bytes(reading)).isEqualTo((HONEST + 30_000L + madeUp) * BYTES);
    }

    @Test
    void shouldLetABigSenderInWhenTheTableIsFullOfMadeUpNames() {
        long now = NOON;
        int madeUp = 0;
        SenderKey big = SenderKey.verified("big", false);
        for (int step = 0; step < 3_000; step++) {
            now += 20;
            for (int i = 0; i < 20; i++) {
                note(SenderKey.claimed(null, "made-up-" + madeUp++, null), now);
            }
            if (step > 1_000) {
                note(big, now);
            }
        }

        SenderStatus first = senders.read(1).senders().getFirst();
        assertThat(first.key()).isEqualTo(big);
        assertThat(first.volume().bytes()).isGreaterThan(1_500L * BYTES);
    }

    @Test
    void shouldLoseNoCountWhenManyThreadsChangeTheTable() throws Exception {
        int threads = 4;
        int each = 50_000;
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int t = 0; t < threads; t++) {
                int thread = t;
                running.add(pool.submit(() -> {
                    start.await();
                    for (int i = 0; i < each; i++) { // times that let a place change with nearly every request
                        note(SenderKey.claimed(null, "name-" + (i * 17 + thread) % 1000, null), NOON + i * 200L);
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }

        Senders.Reading reading = senders.read(10);
        assertThat(bytes(reading)).isEqualTo((long) threads * each * BYTES);
        assertThat(reading.known()).isEqualTo(MOST);
        assertThat(reading.forgotten()).isGreaterThan(1000);
    }

    @Test
    void shouldStayFastForNamesWhoseHashesCollide() {
        Senders full = new Senders(Senders.MOST);
        List<SenderKey> keys = new ArrayList<>();
        for (int i = 0; i < Senders.MOST; i++) {
            String name = Integer.toBinaryString(1 << 12 | i)
                    .chars()
                    .mapToObj(bit -> bit == '0' ? "Aa" : "BB") // of one hash
                    .collect(Collectors.joining());
            keys.add(SenderKey.verified(name, false));
        }
        assertThat(keys.stream().map(SenderKey::hashCode).distinct()).hasSize(1);

        for (SenderKey key : keys) {
            full.note(key, Protocol.GRPC, Signal.TRACES, 1, BYTES, false, NOON);
        }

        assertThat(full.read(Integer.MAX_VALUE).senders()).hasSize(Senders.MOST);
    }

    private void note(SenderKey key, long now) {
        senders.note(key, Protocol.GRPC, Signal.TRACES, 1, BYTES, false, now);
    }

    private static SenderKey honest(int number) {
        return SenderKey.verified("spiffe://cluster.local/ns/honest/sa/" + number, false);
    }

    private static long bytes(Senders.Reading reading) {
        return reading.others().bytes()
                + reading.senders().stream().mapToLong(s -> s.volume().bytes()).sum();
    }
}
