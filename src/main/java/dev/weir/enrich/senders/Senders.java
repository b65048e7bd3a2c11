package dev.weir.enrich.senders;

import dev.weir.pipeline.Sender.Protocol;
import dev.weir.pipeline.Signal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who sends how much of what. The table is bounded, and keeps those who send most:
 *
 * <ul>
 *   <li>While there is room, whoever comes gets a place.
 *   <li>Then a newcomer is counted among the others, until it has sent twice as much lately as the one who has sent least;
 *       that one then leaves, and what it sent is among the others from then on. So sums stay true; what is lost is who
 *       sent it.
 *   <li>At most ten places change a second, and one that was just given stays for two. Somebody who makes up a name for
 *       each request therefore holds about twenty places, and pushes out nobody who has sent more than a thousandth of that
 *       for a minute.
 * </ul>
 *
 * <p>{@link #note} takes no lock and makes no object for a sender that has its place.
 */
public final class Senders {

    /** Places in the table of a gateway; each takes about 1 KiB. */
    public static final int MOST = 1000;

    private static final int MILLIS_BETWEEN_CHANGES = 100;
    private static final int MILLIS_OF_GRACE = 2_000;
    private static final int MILLIS_OF_FLOOR = 1_000;
    private static final int MILLIS_OF_HALVING = 60_000;

    private final int most;
    private final Map<SenderKey, Row> rows = new ConcurrentHashMap<>();
    private final AtomicInteger places = new AtomicInteger();
    private final Totals others = new Totals();
    private final Newcomers newcomers = new Newcomers();
    private final LongAdder forgotten = new LongAdder();
    private final LongAdder mismatches = new LongAdder();
    private final Map<String, LongAdder> outcomes = new ConcurrentHashMap<>();
    private final ReentrantLock changing = new ReentrantLock();

    /** Of the newcomers since the last change, the one with most bytes lately. */
    private volatile @Nullable Candidate candidate;

    private volatile long nextChange = Long.MIN_VALUE;
    private volatile long floor;
    private volatile long floorUntil = Long.MIN_VALUE;
    private long lastFading = Long.MIN_VALUE; // guarded by changing

    /** @param most places in the table, at least 1 */
    public Senders(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("a table of senders needs at least one place, not " + most);
        }
        this.most = most;
    }

    /**
     * Counts a request, or one resource of it when the key is only claimed. From any thread.
     *
     * @param bytes of protobuf
     * @param mismatch whether what it claims differs from who it verifiably is
     * @param nowMillis since the epoch
     */
    public void note(
            SenderKey key, Protocol protocol, Signal signal, long items, long bytes, boolean mismatch, long nowMillis) {
        if (mismatch) {
            mismatches.increment();
        }
        Row row = rows.get(key);
        if (row == null) {
            row = admit(key, bytes, nowMillis);
        }
        if (row == null) {
            others.add(signal, items, bytes, mismatch);
        } else {
            row.add(protocol, signal, items, bytes, mismatch, nowMillis, others);
        }
    }

    /** Counts what came of looking for a sender's identity. @param label one of a few that the code knows */
    public void outcome(String label) {
        LongAdder count = outcomes.get(label);
        if (count == null) {
            count = outcomes.computeIfAbsent(label, l -> new LongAdder());
        }
        count.increment();
    }

    /** Those who sent most bytes first, at most {@code limit}. */
    public Reading read(int limit) {
        List<SenderStatus> all = new ArrayList<>(rows.size());
        rows.values().forEach(row -> all.add(row.read()));
        all.sort(Comparator.comparingLong((SenderStatus s) -> s.volume().bytes())
                .reversed()
                .thenComparing(SenderStatus::key));
        int shown = Math.min(limit, all.size());
        SenderVolume rest = others.read();
        for (SenderStatus status : all.subList(shown, all.size())) {
            rest = rest.plus(status.volume());
        }
        return new Reading(all.subList(0, shown), rest, all.size(), most, forgotten.sum());
    }

    /** Senders that have a place now. */
    public int known() {
        return rows.size();
    }

    /** Requests in which something claimed to be of another than the verified sender. */
    public long mismatches() {
        return mismatches.sum();
    }

    /** Requests by what came of looking for their sender's identity. */
    public Map<String, Long> outcomes() {
        Map<String, Long> sums = new TreeMap<>();
        outcomes.forEach((label, count) -> sums.put(label, count.sum()));
        return sums;
    }

    private @Nullable Row admit(SenderKey key, long bytes, long nowMillis) {
        if (places.get() < most) {
            if (places.incrementAndGet() <= most) {
                Row row = new Row(key, nowMillis);
                Row meanwhile = rows.putIfAbsent(key, row);
                if (meanwhile == null) {
                    return row;
                }
                places.decrementAndGet();
                return meanwhile;
            }
            places.decrementAndGet();
        }
        long lately = newcomers.add(key.hashCode(), bytes);
        if (lately <= floor && nowMillis < floorUntil) {
            return null;
        }
        Candidate first = candidate;
        if (first == null || lately > first.lately) {
            candidate = new Candidate(key, lately);
        }
        if (nowMillis < nextChange || !changing.tryLock()) {
            return null;
        }
        try {
            change(nowMillis);
        } finally {
            changing.unlock();
        }
        return rows.get(key);
    }

    /**
     * Gives the newcomer who has sent most the place of the one who has sent least lately, if that is little enough. Not the
     * newcomer who is there when a place may change: that would nearly always be a made-up one.
     */
    private void change(long nowMillis) {
        Candidate first = candidate;
        candidate = null;
        nextChange = nowMillis + MILLIS_BETWEEN_CHANGES;
        fade(nowMillis);
        Row least = least(nowMillis);
        if (first == null || least == null) {
            return;
        }
        long needed = 2 * least.weight(nowMillis);
        if (first.lately <= needed) {
            floor = needed;
            floorUntil = nowMillis + MILLIS_OF_FLOOR;
        } else if (rows.putIfAbsent(first.key, new Row(first.key, nowMillis)) == null) {
            rows.remove(least.key, least);
            least.forget(others);
            forgotten.increment();
        }
    }

    private @Nullable Row least(long nowMillis) {
        Row least = null;
        long weightOfLeast = Long.MAX_VALUE;
        for (Row row : rows.values()) {
            if (nowMillis - row.since >= MILLIS_OF_GRACE) {
                long weight = row.weight(nowMillis);
                if (weight < weightOfLeast) {
                    least = row;
                    weightOfLeast = weight;
                }
            }
        }
        return least;
    }

    private void fade(long nowMillis) {
        if (lastFading == Long.MIN_VALUE) {
            lastFading = nowMillis;
        }
        long halvings = (nowMillis - lastFading) / MILLIS_OF_HALVING;
        if (halvings > 0) {
            lastFading += halvings * MILLIS_OF_HALVING;
            int bounded = (int) Math.min(halvings, Long.SIZE - 1);
            rows.values().forEach(row -> row.fade(bounded));
            newcomers.fade(bounded);
        }
    }

    private record Candidate(SenderKey key, long lately) {}

    /**
     * The table at a moment.
     *
     * @param senders by bytes, the most first
     * @param others what came from those who are not shown, have left the table or never had a place
     * @param known senders that have a place
     * @param most places there are
     * @param forgotten how often a sender left its place to another
     */
    public record Reading(List<SenderStatus> senders, SenderVolume others, int known, int most, long forgotten) {

        public Reading {
            senders = List.copyOf(senders);
        }
    }
}
