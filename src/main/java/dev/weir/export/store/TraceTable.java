package dev.weir.export.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * From a trace's id to its place: open addressing with linear probing, one int a trace. The ids themselves lie in the
 * segments. Guarded by the store's lock.
 */
final class TraceTable {

    /** No place. */
    static final int NONE = -1;

    private static final int NUMBER_BITS = Integer.numberOfTrailingZeros(Segment.MAX_TRACES);

    private @Nullable Segment[] segments = new Segment[64];
    /** Places, each plus one; 0 is free. */
    private int[] places = new int[64];

    private int count;

    /** A number for a segment, from now on part of its traces' places. */
    int enter(Segment segment) {
        int free = 0;
        while (free < segments.length && segments[free] != null) {
            free++;
        }
        if (free == segments.length) {
            segments = Arrays.copyOf(segments, 2 * free);
        }
        segments[free] = segment;
        return free;
    }

    /** A segment without traces has gone. */
    void leave(Segment segment) {
        segments[segment.slot] = null;
    }

    /** The trace's place, or {@link #NONE}. */
    int find(long high, long low) {
        int mask = places.length - 1;
        for (int at = hash(high, low) & mask; places[at] != 0; at = at + 1 & mask) {
            int place = places[at] - 1;
            if (segment(place).traces.is(number(place), high, low)) {
                return place;
            }
        }
        return NONE;
    }

    /** Of an id that is not there yet; returns its place. */
    int add(Segment segment, int number) {
        if (2 * ++count > places.length) {
            grow();
        }
        int place = segment.slot << NUMBER_BITS | number;
        put(place);
        return place;
    }

    /** Of an id that is there; its trace still lies in the segment. */
    void remove(Segment segment, int number) {
        int mask = places.length - 1;
        int sought = (segment.slot << NUMBER_BITS | number) + 1;
        int hole = hash(segment.traces.high(number), segment.traces.low(number)) & mask;
        while (places[hole] != sought) {
            hole = hole + 1 & mask;
        }
        // what is found only by way of the hole moves into it
        for (int at = hole + 1 & mask; places[at] != 0; at = at + 1 & mask) {
            int home = home(places[at] - 1) & mask;
            if ((at - home & mask) >= (at - hole & mask)) {
                places[hole] = places[at];
                hole = at;
            }
        }
        places[hole] = 0;
        count--;
    }

    int count() {
        return count;
    }

    Segment segment(int place) {
        Segment segment = segments[place >>> NUMBER_BITS];
        if (segment == null) {
            throw new IllegalStateException("no segment at " + place);
        }
        return segment;
    }

    static int number(int place) {
        return place & Segment.MAX_TRACES - 1;
    }

    private void grow() {
        int[] old = places;
        places = new int[2 * old.length];
        for (int place : old) {
            if (place != 0) {
                put(place - 1);
            }
        }
    }

    private void put(int place) {
        int mask = places.length - 1;
        int at = home(place) & mask;
        while (places[at] != 0) {
            at = at + 1 & mask;
        }
        places[at] = place + 1;
    }

    private int home(int place) {
        StoredTraces traces = segment(place).traces;
        return hash(traces.high(number(place)), traces.low(number(place)));
    }

    /** With the process's secret, since senders choose the ids. */
    private static int hash(long high, long low) {
        return TermHash.fold(TermHash.pair(high, low));
    }
}
