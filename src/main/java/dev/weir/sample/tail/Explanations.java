package dev.weir.sample.tail;

import dev.weir.sample.policy.TraceFacts;
import dev.weir.sample.ratio.Threshold;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The last decisions in full, to answer why a trace was kept or dropped: a ring of {@value #ENTRY_BYTES} bytes a decision
 * off the heap, and lists of entries with the same hash, from the youngest to the oldest. A list ends where an entry is not
 * older than the one before it: that one has been overwritten. So overwriting touches no list. For one thread at a time; each
 * shard has its own.
 */
final class Explanations {

    /** An entry, and the head of a list. */
    static final int BYTES_A_DECISION = 64 + Integer.BYTES;

    private static final int ENTRY_BYTES = 64;
    private static final Reason[] REASONS = Reason.values();

    private static final int ID_HIGH = 0;
    private static final int ID_LOW = 8;
    private static final int MILLIS = 16;
    /** T in the lower 56 bits, above them one bit kept, one probability known, the reason, and one bit T never. */
    private static final int OUTCOME = 24;

    private static final int BYTES = 32;
    private static final int LATE = 40;
    private static final int SPANS = 44;
    private static final int POLICY = 48;
    private static final int GENERATION = 52;
    /** The list's next older entry, plus one, and so {@link #EMPTY} for none. */
    private static final int OLDER = 56;

    private static final long THRESHOLD_BITS = (1L << 56) - 1;
    private static final int KEPT_BIT = 56;
    private static final int KNOWN_BIT = 57;
    private static final int REASON_SHIFT = 58;
    private static final int REASON_MASK = (1 << 5) - 1;
    private static final int NEVER_BIT = 63;

    private static final int EMPTY = 0;

    private final PolicyNames names;
    private final int capacity;
    private final ByteBuffer entries;
    /** By hash, the youngest entry, plus one. */
    private final ByteBuffer heads;

    private final int headMask;
    private long decided;

    /** @param bytes to take at most, for at least one decision */
    Explanations(long bytes, PolicyNames names) {
        this.names = names;
        capacity = (int) Math.clamp(bytes / BYTES_A_DECISION, 1, Integer.MAX_VALUE / ENTRY_BYTES);
        int lists = Integer.highestOneBit(capacity);
        headMask = lists - 1;
        entries = direct(capacity * ENTRY_BYTES);
        heads = direct(lists * Integer.BYTES);
    }

    /**
     * Notes a decision, in place of the oldest one when there is no room.
     *
     * @param hash keyed hash of the trace id
     * @param generation of the rules that decided
     * @param millis wall clock
     */
    void add(long hash, TraceFacts facts, Decision decision, int generation, Reason reason, long millis) {
        int entry = (int) (decided++ % capacity);
        int at = entry * ENTRY_BYTES;
        entries.putLong(at + ID_HIGH, facts.traceIdHigh());
        entries.putLong(at + ID_LOW, facts.traceIdLow());
        entries.putLong(at + MILLIS, millis);
        entries.putLong(
                at + OUTCOME,
                decision.threshold & THRESHOLD_BITS
                        | (decision.isKept ? 1L << KEPT_BIT : 0)
                        | (decision.isProbabilityKnown ? 1L << KNOWN_BIT : 0)
                        | (long) reason.ordinal() << REASON_SHIFT
                        | (decision.threshold >= Threshold.NEVER ? 1L << NEVER_BIT : 0));
        entries.putLong(at + BYTES, facts.bytes());
        entries.putInt(at + LATE, 0);
        entries.putInt(at + SPANS, facts.spans());
        entries.putInt(at + POLICY, decision.policy);
        entries.putInt(at + GENERATION, generation);
        int head = head(hash);
        entries.putInt(at + OLDER, heads.getInt(head));
        heads.putInt(head, entry + 1);
    }

    /** Notes that spans came after the decision; nothing when that is forgotten. */
    void late(long hash, long traceIdHigh, long traceIdLow, int spans) {
        int at = find(hash, traceIdHigh, traceIdLow);
        if (at >= 0) {
            long sum = (entries.getInt(at + LATE) & 0xffff_ffffL) + spans;
            entries.putInt(at + LATE, (int) Math.min(sum, 0xffff_ffffL));
        }
    }

    /** The last decision about the trace; null when there is none, or it was forgotten. Allocates. */
    @Nullable
    Explanation explain(long hash, long traceIdHigh, long traceIdLow) {
        int at = find(hash, traceIdHigh, traceIdLow);
        if (at < 0) {
            return null;
        }
        long outcome = entries.getLong(at + OUTCOME);
        return new Explanation(
                (outcome >> KEPT_BIT & 1) != 0,
                names.name(entries.getInt(at + POLICY)),
                entries.getInt(at + GENERATION),
                outcome < 0 ? Threshold.NEVER : outcome & THRESHOLD_BITS,
                (outcome >> KNOWN_BIT & 1) != 0,
                REASONS[(int) (outcome >>> REASON_SHIFT) & REASON_MASK],
                Instant.ofEpochMilli(entries.getLong(at + MILLIS)),
                entries.getInt(at + SPANS),
                entries.getLong(at + BYTES),
                entries.getInt(at + LATE) & 0xffff_ffffL);
    }

    /** Reads what {@link #add} will read, as {@link TraceTable#touch} does. */
    int touch(long hash) {
        return heads.getInt(head(hash));
    }

    /** Decisions that there is room for. */
    int capacity() {
        return capacity;
    }

    private int find(long hash, long traceIdHigh, long traceIdLow) {
        int e = heads.getInt(head(hash));
        for (int age = -1; e != EMPTY && age(e) > age; e = entries.getInt((e - 1) * ENTRY_BYTES + OLDER)) {
            int at = (e - 1) * ENTRY_BYTES;
            if (entries.getLong(at + ID_LOW) == traceIdLow && entries.getLong(at + ID_HIGH) == traceIdHigh) {
                return at;
            }
            age = age(e);
        }
        return -1;
    }

    /** How many decisions were noted after the entry's. */
    private int age(int entryPlusOne) {
        return (int) Math.floorMod(decided - entryPlusOne, (long) capacity);
    }

    /** The shard has been chosen by some of the hash's bits: all of them choose the list. */
    private int head(long hash) {
        return ((int) (hash * 0x9e3779b97f4a7c15L >>> 32) & headMask) * Integer.BYTES;
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
}
