package dev.weir.enrich.senders;

import dev.weir.pipeline.Sender.Protocol;
import dev.weir.pipeline.Signal;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** One sender's place in the table. */
final class Row {

    private static final Protocol[] PROTOCOLS = Protocol.values();
    private static final int MILLIS_OF_HALVING = 60_000;

    final SenderKey key;
    final long since;

    private final Totals totals = new Totals();
    private final AtomicInteger protocols = new AtomicInteger();
    private volatile long lastSeen;
    private volatile boolean forgotten;

    /** Bytes that count no more for its weight. Guarded by the lock of those who choose whom to forget. */
    private long faded;

    Row(SenderKey key, long nowMillis) {
        this.key = key;
        since = nowMillis;
        lastSeen = nowMillis;
    }

    void add(
            Protocol protocol,
            Signal signal,
            long items,
            long bytes,
            boolean mismatch,
            long nowMillis,
            Totals ifForgotten) {
        totals.add(signal, items, bytes, mismatch);
        int bit = 1 << protocol.ordinal();
        if ((protocols.get() & bit) == 0) {
            protocols.getAndUpdate(bits -> bits | bit);
        }
        if (nowMillis > lastSeen) {
            lastSeen = nowMillis;
        }
        if (forgotten) { // after the adding: either this or forget() moves it
            totals.drainTo(ifForgotten);
        }
    }

    void forget(Totals others) {
        forgotten = true;
        totals.drainTo(others);
    }

    /** Bytes it sent lately: half of them count after each minute, and half again for each minute of silence. */
    long weight(long nowMillis) {
        long minutesOfSilence = Math.max(0, nowMillis - lastSeen) / MILLIS_OF_HALVING;
        return totals.bytes() - faded >> Math.min(minutesOfSilence, Long.SIZE - 1);
    }

    void fade(int halvings) {
        long all = totals.bytes();
        faded = all - (all - faded >> halvings);
    }

    SenderStatus read() {
        int bits = protocols.get();
        Set<Protocol> used = EnumSet.noneOf(Protocol.class);
        for (Protocol protocol : PROTOCOLS) {
            if ((bits & 1 << protocol.ordinal()) != 0) {
                used.add(protocol);
            }
        }
        return new SenderStatus(key, used, Instant.ofEpochMilli(since), Instant.ofEpochMilli(lastSeen), totals.read());
    }
}
