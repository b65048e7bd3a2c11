package dev.weir.otlp;

import java.util.Arrays;

/**
 * Where the attributes of a message are, and which: so that {@link AttributeSlots} reads the next message of its kind by comparing,
 * because senders write the same keys in the same order span after span, and mostly the same values. Remembers one message, of
 * which at most {@value #MOST_BYTES} bytes outlive its request. For one thread; allocates nothing for a message.
 */
public final class AttributeTrail {

    /** A message with more is not remembered. */
    private static final int MOST_ATTRIBUTES = 64;

    private static final int MOST_BYTES = 8192;

    /** Of each attribute, in their order, its key's number; up to the current one of this message, behind it of the last. */
    private final int[] numbers = new int[MOST_ATTRIBUTES];
    /** From where the first attribute begins. */
    private final int[] starts = new int[MOST_ATTRIBUTES];
    /** From where the attribute begins; so are the following. */
    private final int[] ends = new int[MOST_ATTRIBUTES];

    private final int[] keyStarts = new int[MOST_ATTRIBUTES];
    private final int[] keyEnds = new int[MOST_ATTRIBUTES];
    private final int[] anyStarts = new int[MOST_ATTRIBUTES];
    private final int[] anyEnds = new int[MOST_ATTRIBUTES];
    /** Whether nobody need look at it while it stays the same. */
    private final boolean[] idle = new boolean[MOST_ATTRIBUTES];

    /** By key: which attribute has it. */
    private final int[] places;
    /** By key: in which order of keys it is. */
    private final int[] orders;

    private int order;

    private byte[] own = {};
    private byte[] last = own;
    private int lastFrom;
    private int lastTo;
    private int lastCount;
    private int lastRead;

    private byte[] message = own;
    private int from;
    private int to;
    private int attributesEnd;
    private int count;
    /** Whether the keys are those of the last message so far. */
    private boolean follows;
    /** How far this message is the last one, which was {@link #moved} bytes before. */
    private int sameUntil;

    private int moved;

    public AttributeTrail(AttributeKeys keys) {
        places = new int[keys.size()];
        orders = new int[keys.size()];
    }

    /** Begins with a message whose first attribute is there. */
    void begin(byte[] bytes, int firstStart, int end) {
        message = bytes;
        from = firstStart;
        to = end;
        count = 0;
        follows = lastCount > 0;
        sameUntil = -1;
        if (!follows) {
            order++;
        }
    }

    /** Passes over attributes that are the same and that nobody need look at; returns where the last of them ends. */
    int pass(int start) {
        int p = start;
        if (matches(p)) {
            int further = p - from - starts[count];
            while (idle[count] && p + ends[count] <= sameUntil) {
                starts[count] += further;
                p += ends[count++];
                if (count == lastCount || lastFrom + starts[count] + moved != p) {
                    break;
                }
            }
            attributesEnd = p;
        }
        return p;
    }

    /** Whether the attribute that begins there is, byte for byte, that of the last message. */
    boolean matches(int start) {
        if (!follows || count == lastCount) {
            return false;
        }
        int lastStart = lastFrom + starts[count];
        if (start - lastStart != moved || start > sameUntil) {
            moved = start - lastStart;
            int same = Arrays.mismatch(message, start, to, last, lastStart, lastTo);
            sameUntil = same < 0 ? to : start + same;
        }
        return start + ends[count] <= sameUntil;
    }

    /** Stands on the attribute that begins there, which matches; returns its key's number. */
    int stand(KeyValueView on, int start) {
        int at = count++;
        starts[at] = start - from;
        attributesEnd = start + ends[at];
        on.fieldStart = start;
        on.fieldEnd = attributesEnd;
        on.keyStart = start + keyStarts[at];
        on.keyEnd = start + keyEnds[at];
        on.anyStart = start + anyStarts[at];
        on.anyEnd = start + anyEnds[at];
        on.repeated = false;
        return numbers[at];
    }

    /** Notes an attribute, which is not that of the last message; false when this message cannot be remembered. */
    boolean note(KeyValueView attribute, int number) {
        int at = count;
        if (follows && (at == lastCount || numbers[at] != number || attribute.repeated)) {
            leave();
        }
        if (at == MOST_ATTRIBUTES || attribute.repeated) {
            return false;
        }
        int start = attribute.fieldStart;
        numbers[at] = number;
        starts[at] = start - from;
        ends[at] = attribute.fieldEnd - start;
        keyStarts[at] = attribute.keyStart - start;
        keyEnds[at] = attribute.keyEnd - start;
        anyStarts[at] = attribute.anyStart - start;
        anyEnds[at] = attribute.anyEnd - start;
        idle[at] = false;
        if (!follows) {
            place(at);
        }
        attributesEnd = attribute.fieldEnd;
        count++;
        return true;
    }

    /** Nobody need look at the current attribute again while it stays the same. */
    void idle() {
        idle[count - 1] = true;
    }

    /** From the current attribute on the keys are others. */
    private void leave() {
        follows = false;
        order++;
        for (int i = 0; i < count; i++) {
            place(i);
        }
    }

    private void place(int at) {
        int number = numbers[at];
        if (number >= 0) {
            orders[number] = order;
            places[number] = at;
        }
    }

    /** Whether there is an attribute of that key. */
    boolean has(int key) {
        return orders[key] == order;
    }

    int fieldStart(int key) {
        return from + starts[places[key]];
    }

    int fieldEnd(int key) {
        return fieldStart(key) + ends[places[key]];
    }

    int anyStart(int key) {
        return fieldStart(key) + anyStarts[places[key]];
    }

    int anyEnd(int key) {
        return fieldStart(key) + anyEnds[places[key]];
    }

    /**
     * Ends the message, and remembers it.
     *
     * @param read the number under which to remember it
     * @return the number of the message before, when both have the same keys in the same order; else 0
     */
    int end(int read) {
        if (follows && count < lastCount) {
            leave();
        }
        int before = follows ? lastRead : 0;
        last = message;
        lastFrom = from;
        lastTo = attributesEnd;
        lastCount = count;
        lastRead = read;
        return before;
    }

    /** The message cannot be remembered. */
    void abandon() {
        last = own;
        lastCount = 0;
        message = own;
    }

    /** Lets go of the request; the message is remembered, unless it is long. */
    public void forget() {
        if (last == own) {
            return;
        }
        int length = lastTo - lastFrom;
        if (length > MOST_BYTES) {
            lastCount = 0;
        } else {
            if (own.length < length) {
                own = new byte[Integer.highestOneBit(length) << 1];
            }
            System.arraycopy(last, lastFrom, own, 0, length);
        }
        last = own;
        lastFrom = 0;
        lastTo = length;
        message = own;
    }
}
