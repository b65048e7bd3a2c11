package dev.weir.sample.tail;

import dev.weir.otlp.GroupHeader;
import dev.weir.pipeline.MemoryBudget;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** A store with a budget of its own, and what tests put into it. */
final class HeldFixture {

    static {
        Slabs.overwritesReturned = true;
    }

    final MemoryBudget budget;
    final HeldStore store;
    final HeldShard[] shards;
    final Reservation reservation;
    private final GroupHeader resource = new GroupHeader();
    private final GroupHeader scope = new GroupHeader();

    HeldFixture(long bufferSize, int shardCount) {
        this(bufferSize, shardCount, false);
    }

    HeldFixture(long bufferSize, int shardCount, boolean compresses) {
        budget = new MemoryBudget(bufferSize + (1 << 20), 0, 0, 0);
        store = HeldStore.of(budget, bufferSize, shardCount, compresses);
        shards = new HeldShard[shardCount];
        for (int i = 0; i < shardCount; i++) {
            shards[i] = store.newShard();
            shards[i].records().words().use(1, 1, 2);
        }
        reservation = store.newReservation();
    }

    long used() {
        return budget.used(MemoryBudget.Use.HELD);
    }

    /** An origin of a resource and a scope with these names. */
    int origin(String resourceName, String scopeName) {
        return originIn(store.origins(), resourceName, scopeName);
    }

    int originIn(Origins origins, String resourceName, String scopeName) {
        byte[] resourceSpans = field(field(resourceName.getBytes(StandardCharsets.UTF_8)));
        byte[] scopeSpans = field(field(scopeName.getBytes(StandardCharsets.UTF_8)));
        resource.read(resourceSpans, 0, resourceSpans.length, origins.key());
        scope.read(scopeSpans, 0, scopeSpans.length, origins.key());
        return origins.acquire(resource, scope);
    }

    /** Field 1 with this content; at most 127 bytes. */
    private static byte[] field(byte[] content) {
        byte[] out = new byte[content.length + 2];
        out[0] = 1 << 3 | 2;
        out[1] = (byte) content.length;
        System.arraycopy(content, 0, out, 2, content.length);
        return out;
    }

    /** Finds or adds the trace, and appends the span; false when there is no memory. */
    boolean hold(int shard, long idHigh, long idLow, byte[] span, int origin, int flags) {
        reservation.add(shard, span.length);
        if (!reservation.tryTake()) {
            return false;
        }
        int trace = trace(shard, idHigh, idLow, reservation);
        append(shards[shard], trace, span, origin, flags, reservation);
        reservation.close();
        return true;
    }

    /** The same for several spans that come together, in as few runs as can be. */
    boolean hold(int shard, long idHigh, long idLow, List<byte[]> spans, int origin, int flags) {
        for (byte[] span : spans) {
            reservation.add(shard, span.length);
        }
        if (!reservation.tryTake()) {
            return false;
        }
        int trace = trace(shard, idHigh, idLow, reservation);
        HeldShard to = shards[shard];
        boolean areLogs = (flags & SpanFlags.LOG) != 0;
        for (int i = 0; i < spans.size(); ) {
            to.begin(trace, origin, areLogs, spans.get(i).length, reservation);
            do {
                to.put(spans.get(i), 0, spans.get(i).length, flags);
                i++;
            } while (i < spans.size() && to.hasRoom(spans.get(i).length));
            to.end();
        }
        reservation.close();
        return true;
    }

    /** A run of one span. */
    static void append(HeldShard shard, int trace, byte[] span, int origin, int flags, Reservation from) {
        shard.begin(trace, origin, (flags & SpanFlags.LOG) != 0, span.length, from);
        shard.put(span, 0, span.length, flags);
        shard.end();
    }

    /** So many seconds pass in which nothing is held. */
    void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            store.slabs().settle();
            store.chunks().settle();
        }
    }

    int trace(int shard, long idHigh, long idLow, Reservation from) {
        TraceTable table = shards[shard].table();
        long hash = store.hash().of(idHigh, idLow);
        int trace = table.find(hash, idHigh, idLow);
        return trace != TraceRecords.NONE ? trace : table.add(hash, idHigh, idLow, 7, from);
    }

    static byte[] randomBytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
