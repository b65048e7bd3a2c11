package dev.weir.otlp;

import dev.weir.otlp.AttributeView.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a message of a scanned request, read once; of those whose keys are in the table it remembers where they
 * are, by the key's number. A borrowed window: reusable, for one thread, never stored. It allocates nothing.
 *
 * <p>{@code reset}, then {@code next} until it is false: meanwhile the current attribute can be looked at; afterwards all else.
 * Where a key stands several times, its slot is the last. It remembers too where the message's other fields are.
 *
 * <p>Messages of one kind can be read along an {@link AttributeTrail}: what is as it was in the one before is then not read again,
 * and {@link #like} and {@link #isChanged} tell what is.
 */
public final class AttributeSlots {

    private static final int FIELD_START = 0;
    private static final int FIELD_END = 1;
    private static final int ANY_START = 2;
    private static final int ANY_END = 3;
    private static final int WIDTH = 4;

    private final AttributeKeys keys;
    private final FieldCursor field = new FieldCursor();
    private final KeyValueView current = new KeyValueView();
    private final OtherFields others = new OtherFields();
    private final int[] slots;
    /** By key, the read in which its slot was filled. */
    private final int[] filled;
    /** By key, the read in which it was made as if it were not there. */
    private final int[] forgotten;
    /** By key, the read in which it was another than in the message before. */
    private final int[] changed;

    private int read;
    private byte[] bytes = {};
    /** Of the attributes. */
    private byte tag;

    private int at;
    private int end;
    private int number;
    /** Where the slots are, when the message is read along one. */
    private @Nullable AttributeTrail trail;

    private int like;

    public AttributeSlots(AttributeKeys keys) {
        this.keys = keys;
        slots = new int[WIDTH * keys.size()];
        filled = new int[keys.size()];
        forgotten = new int[keys.size()];
        changed = new int[keys.size()];
    }

    /**
     * Stands before the first attribute of the message whose body lies there.
     *
     * @param fieldNumber which field of the message holds its attributes, for example {@link AttributeView#OF_SPAN}
     */
    public AttributeSlots reset(byte[] validBytes, int from, int to, int fieldNumber) {
        bytes = validBytes;
        current.reset(validBytes);
        others.clear();
        tag = (byte) (fieldNumber << 3 | Wire.LENGTH);
        read++;
        trail = null;
        like = 0;
        at = from;
        end = to;
        return this;
    }

    /**
     * Reads the message along the one that was read along the trail last. To be called on the first attribute; then {@link #next}
     * passes over those that are the same and {@link #idle}.
     */
    public void follow(AttributeTrail ofTheLast) {
        trail = ofTheLast;
        ofTheLast.begin(bytes, current.fieldStart, end);
        if (ofTheLast.matches(current.fieldStart)) {
            number = ofTheLast.stand(current, current.fieldStart);
        } else {
            note(ofTheLast);
        }
    }

    /** Nobody need look at the current attribute in the next message of the trail, if it is the same there. */
    public void idle() {
        if (trail != null) {
            trail.idle();
        }
    }

    /** Moves to the next attribute; false after the last. */
    public boolean next() {
        int p = at;
        while (p < end) {
            if (trail != null && bytes[p] == tag) {
                p = trail.pass(p);
                if (p == end) {
                    break;
                }
                if (bytes[p] == tag && trail.matches(p)) {
                    number = trail.stand(current, p);
                    at = current.fieldEnd;
                    return true;
                }
            }
            int length = end - p >= 2 ? bytes[p + 1] : -1;
            if (bytes[p] == tag && length >= 0 && length <= end - p - 2) {
                at = p + 2 + length;
                readCurrent(p, p + 2);
                return true;
            }
            field.reset(bytes, p, end).next();
            p = field.valueEnd();
            if (field.tag() == (tag & 0xff)) {
                at = p;
                readCurrent(field.fieldStart(), field.valueStart());
                return true;
            }
            others.note(field);
        }
        if (trail != null) {
            like = trail.end(read);
        }
        at = end;
        return false;
    }

    private void readCurrent(int start, int from) {
        current.read(start, from, at);
        number = keys.find(bytes, current.keyStart, current.keyEnd);
        if (trail != null) {
            note(trail);
        } else if (number >= 0) {
            fill(number, current.fieldStart, current.fieldEnd, current.anyStart, current.anyEnd);
        }
    }

    /** Remembers where the current attribute is, and that it is another than in the message before. */
    private void note(AttributeTrail along) {
        if (number >= 0) {
            changed[number] = read;
        }
        if (along.note(current, number)) {
            return;
        }
        trail = null;
        for (int key = 0; key < filled.length; key++) {
            if (along.has(key)) {
                fill(key, along.fieldStart(key), along.fieldEnd(key), along.anyStart(key), along.anyEnd(key));
            }
        }
        along.abandon();
        if (number >= 0) {
            fill(number, current.fieldStart, current.fieldEnd, current.anyStart, current.anyEnd);
        }
    }

    private void fill(int key, int fieldStart, int fieldEnd, int anyStart, int anyEnd) {
        filled[key] = read;
        int slot = WIDTH * key;
        slots[slot + FIELD_START] = fieldStart;
        slots[slot + FIELD_END] = fieldEnd;
        slots[slot + ANY_START] = anyStart;
        slots[slot + ANY_END] = anyEnd;
    }

    /** The current attribute's number in the table; −1 when it is not in it. */
    public int number() {
        return number;
    }

    /** Where the current attribute begins, with its tag: what is cut to take it out. */
    public int fieldStart() {
        return current.fieldStart;
    }

    public int fieldEnd() {
        return current.fieldEnd;
    }

    public int keyStart() {
        return current.keyStart;
    }

    public int keyEnd() {
        return current.keyEnd;
    }

    public int anyStart() {
        return current.anyStart;
    }

    public int anyEnd() {
        return current.anyEnd;
    }

    /** Whether the current attribute has several values, of which others than the last may count. */
    public boolean isRepeated() {
        return current.repeated;
    }

    /** A number of this read, not 0. */
    public int read() {
        return read;
    }

    /** The read of the trail's message before, when that has the same keys in the same order; else 0. */
    public int like() {
        return like;
    }

    /** Whether an attribute of that key is another than in the message that this one is {@link #like}. */
    public boolean isChanged(int key) {
        return changed[key] == read;
    }

    /** Whether the message has a field of that number, under 16, that is no attribute. */
    public boolean hasOther(int field) {
        return others.has(field);
    }

    /** The value of the last such field, which is a varint; 0 without one. */
    public long other(int field) {
        return others.has(field) ? Wire.varint(bytes, others.start(field)) : 0;
    }

    /** Where the value of the last such field begins; only when {@link #hasOther}. */
    public int otherStart(int field) {
        return others.start(field);
    }

    public int otherEnd(int field) {
        return others.end(field);
    }

    /** Whether the message has an attribute of that key. */
    public boolean has(int key) {
        return (trail == null ? filled[key] == read : trail.has(key)) && forgotten[key] != read;
    }

    /** Makes it as if the message had no attribute of that key. */
    public void forget(int key) {
        forgotten[key] = read;
    }

    /** Where the attribute of that key begins, with its tag; only when {@link #has}. */
    public int fieldStart(int key) {
        return trail == null ? slots[WIDTH * key + FIELD_START] : trail.fieldStart(key);
    }

    public int fieldEnd(int key) {
        return trail == null ? slots[WIDTH * key + FIELD_END] : trail.fieldEnd(key);
    }

    /** Whether there is a string of that key that is not empty; {@link #textStart} and {@link #textEnd} say where. */
    public boolean hasText(int key) {
        return has(key) && value(key) == ValueType.STRING && current.valueEnd > current.valueStart;
    }

    /** Where the text is that {@link #hasText} or {@link #value} found last. */
    public int textStart() {
        return current.valueStart;
    }

    public int textEnd() {
        return current.valueEnd;
    }

    /** Reads the value of that key; {@code NONE} without one. */
    public ValueType value(int key) {
        if (!has(key)) {
            return ValueType.NONE;
        }
        int slot = WIDTH * key;
        return trail == null
                ? value(slots[slot + ANY_START], slots[slot + ANY_END])
                : value(trail.anyStart(key), trail.anyEnd(key));
    }

    public ValueType value() {
        return current.value(current.anyStart, current.anyEnd);
    }

    /** Reads the AnyValue whose body lies there. */
    public ValueType value(int from, int to) {
        return current.value(from, to);
    }

    /** The integer or truth value that {@link #value} found last. */
    public long integer() {
        return current.integer();
    }
}
