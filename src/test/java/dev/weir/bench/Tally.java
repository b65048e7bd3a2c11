package dev.weir.bench;

import dev.weir.pipeline.Signal;
import java.util.BitSet;

/** What has arrived at one port of the sink since the block began. */
final class Tally {

    private final long[] items = new long[Signal.values().length];
    private final OtlpScan scan = new OtlpScan();
    private final Samples delays = new Samples();
    private long hash;
    private long strangers;
    private long lastArrival;
    private BitSet traces = new BitSet();
    private Traffic expected;
    private boolean byTrace;
    private long start;
    private long pause;

    /**
     * Forgets everything.
     *
     * @param expected what is sent from now on
     * @param byTrace whether it is remembered of which traces something arrived
     * @param start when the first request is due
     * @param pause nanoseconds between two requests
     */
    void begin(Traffic expected, boolean byTrace, long start, long pause) {
        this.expected = expected;
        this.byTrace = byTrace;
        this.start = start;
        this.pause = pause;
        java.util.Arrays.fill(items, 0);
        hash = 0;
        strangers = 0;
        traces = new BitSet();
        delays.clear();
        lastArrival = System.nanoTime();
    }

    /** One request, as it came. */
    void arrived(Signal signal, byte[] message, int from, int to) {
        lastArrival = System.nanoTime();
        long before = items[signal.ordinal()];
        scan.scan(signal, message, from, to, (high, low, span) -> {
            hash += Ids.hash(high, low, span);
            if (items[signal.ordinal()]++ == before) {
                // one in a request is enough for the delay
                delays.add(lastArrival - (start + expected.requestOf(span) * pause));
            }
            if (byTrace) {
                mark(span);
            }
        });
    }

    private void mark(long span) {
        long item = expected.itemOf(span);
        if (item < expected.first() || item >= expected.end()) {
            strangers++;
        } else {
            traces.set(expected.traceOf(item));
        }
    }

    long items(Signal signal) {
        return items[signal.ordinal()];
    }

    /** The sum over all items. */
    long hash() {
        return hash;
    }

    /** Items that were not sent in this block; counted with {@code byTrace} only. */
    long strangers() {
        return strangers;
    }

    /** {@link System#nanoTime()} of the last request. */
    long lastArrival() {
        return lastArrival;
    }

    /** Of which something has arrived. */
    BitSet traces() {
        return traces;
    }

    /** From when a request was due until something of it arrived, in nanoseconds. Without a meaning for gzip. */
    Samples delays() {
        return delays;
    }
}
