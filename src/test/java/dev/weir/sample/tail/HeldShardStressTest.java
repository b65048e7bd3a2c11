package dev.weir.sample.tail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Several threads hold, one decides and reads what it pinned without the lock, evacuates and compresses. Each span's bytes
 * follow from its first eight, and what is given back is overwritten, so that a span that moved or went too early is seen.
 */
class HeldShardStressTest {

    private static final int SHARDS = 4;
    private static final int THREADS = 2;
    private static final int REQUESTS = 3_000;
    private static final int SPANS = 60;

    private final HeldFixture held = new HeldFixture(12 << 20, SHARDS, true);
    private final AtomicLong spansHeld = new AtomicLong();
    private final AtomicLong spansRefused = new AtomicLong();
    /** By shard, and guarded by it: ids of the spans that came. */
    private final List<ArrayDeque<long[]>> order =
            Stream.generate(ArrayDeque<long[]>::new).limit(SHARDS).toList();

    private volatile boolean isDone;

    @Test
    void shouldGiveBackEverySpanAsItCame() throws Exception {
        long seed = System.nanoTime();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1)) {
            Future<Long> decided = threads.submit(() -> decide(seed));
            List<Future<?>> senders = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                long own = seed + 1 + i;
                senders.add(threads.submit(() -> send(own)));
            }
            for (Future<?> sender : senders) {
                sender.get();
            }
            isDone = true;
            assertThat(decided.get()).as("spans, seed " + seed).isEqualTo(spansHeld.get());
        }
        assertThat(spansHeld.get() + spansRefused.get()).isEqualTo((long) THREADS * REQUESTS * SPANS);
        assertThat(spansHeld.get()).isGreaterThan(20_000);
        assertThat(held.store.origins().size()).isZero();
        for (HeldShard shard : held.shards) {
            assertThat(shard.spans() + shard.pinned() + shard.traces()).isZero();
        }
    }

    private void send(long seed) {
        Random random = new Random(seed);
        Reservation reservation = held.store.newReservation();
        HeldFixture names = new HeldFixture(4 << 20, 1); // its scratch to read origins is for one thread
        byte[][] spans = new byte[SPANS][];
        long[] ids = new long[SPANS];
        for (int request = 0; request < REQUESTS; request++) {
            int origin = names.originIn(held.store.origins(), "r" + random.nextInt(20), "s");
            for (int i = 0; i < SPANS; i++) {
                spans[i] = span(random);
                ids[i] = request / 20 * 1000L + random.nextInt(200);
                reservation.add(shard(ids[i]), spans[i].length);
            }
            if (origin == Origins.REFUSED || !reservation.tryTake()) {
                reservation = held.store.newReservation(); // what was counted is forgotten
                spansRefused.addAndGet(SPANS);
            } else {
                for (int s = 0; s < SHARDS; s++) {
                    synchronized (held.shards[s]) {
                        held.shards[s].advance(request);
                        for (int i = 0; i < SPANS; i++) {
                            if (shard(ids[i]) == s) {
                                int trace = held.trace(s, ids[i], seed, reservation);
                                HeldFixture.append(held.shards[s], trace, spans[i], origin, 0, reservation);
                                order.get(s).add(new long[] {ids[i], seed});
                            }
                        }
                    }
                }
                reservation.close();
                spansHeld.addAndGet(SPANS);
            }
            if (origin != Origins.REFUSED) {
                held.store.origins().release(origin);
            }
        }
    }

    private long decide(long seed) {
        Random random = new Random(seed);
        RunList list = new RunList();
        SpanReader reader = held.store.newReader(2);
        SlabCompressor compressor = new SlabCompressor(held.store);
        long spans = 0;
        for (boolean more = true; more || !isDone; ) {
            more = false;
            for (int s = 0; s < SHARDS; s++) {
                HeldShard shard = held.shards[s];
                ArrayDeque<long[]> ids = order.get(s);
                synchronized (shard) {
                    for (int i = 0; i < 50 && !ids.isEmpty() && (isDone || ids.size() > 2_000); i++) {
                        more = true;
                        long[] id = ids.remove();
                        int trace = shard.table().find(id[0], id[1]);
                        if (trace == TraceRecords.NONE) {
                            continue;
                        }
                        if (random.nextBoolean()) {
                            spans += shard.records().spans(trace);
                            shard.drop(trace, Integer.MAX_VALUE);
                        } else {
                            assertThat(shard.pin(trace, Integer.MAX_VALUE, list))
                                    .isTrue();
                        }
                    }
                    shard.evacuate(2);
                }
                spans += list.items();
                for (int i = 0; i < list.size(); i++) {
                    reader.run(list, i);
                    while (reader.next()) {
                        check(reader);
                    }
                    assertThat(held.store.origins().get(list.origin(i)).bodyTo).isPositive();
                }
                Slab slab;
                synchronized (shard) {
                    shard.release(list);
                    slab = shard.beginCompression(Integer.MAX_VALUE);
                }
                if (slab != null) {
                    Block block = compressor.compress(slab);
                    synchronized (shard) {
                        shard.endCompression(slab, block);
                    }
                }
            }
        }
        return spans;
    }

    private static int shard(long id) {
        return (int) (id % SHARDS);
    }

    private static byte[] span(Random random) {
        byte[] span = new byte[8 + random.nextInt(random.nextInt(100) == 0 ? 30_000 : 600)];
        int start = random.nextInt(128);
        for (int i = 0; i < span.length; i++) {
            span[i] = (byte) (start + i % 100);
        }
        return span;
    }

    private static void check(SpanReader reader) {
        byte[] span = new byte[reader.length()];
        reader.copyTo(span, 0);
        for (int i = 0; i < span.length; i++) {
            if (span[i] != (byte) (span[0] + i % 100)) {
                throw new AssertionError("byte " + i + " of " + span.length + " is wrong");
            }
        }
    }
}
