package dev.weir.enrich;

import dev.weir.enrich.envoy.Cuts;
import dev.weir.otlp.AttributeSlots;
import dev.weir.otlp.AttributeView.ValueType;
import dev.weir.otlp.AttributeWriter;
import dev.weir.otlp.EditPlan;
import dev.weir.otlp.FieldCursor;
import java.util.Arrays;

/**
 * The changes of one message's attributes: first noted, in any order, then written. Reusable; for one thread; allocates
 * nothing but hashes.
 */
final class AttributeEdits implements Cuts {

    /** An array that one huge message needed is not kept for the next. */
    private static final int KEPT = 1 << 14;

    private static final int WIDTH = 4;
    private static final int FROM = 0;
    private static final int TO = 1;
    /** What is written instead, in {@link #instead}. */
    private static final int INSTEAD_FROM = 2;

    private static final int INSTEAD_TO = 3;

    private final QueryRedaction queries;
    private final KeyedHash hash;
    private final AttributeWriter instead = new AttributeWriter();
    private final AttributeWriter list = new AttributeWriter();
    private final FieldCursor element = new FieldCursor();
    private int[] edits = new int[WIDTH * 32];
    private int count;
    private boolean sorted;

    AttributeEdits(QueryRedaction queries, KeyedHash hash) {
        this.queries = queries;
        this.hash = hash;
    }

    /** @param fieldNumber which field of the message holds its attributes */
    void clear(int fieldNumber) {
        instead.clear(fieldNumber);
        count = 0;
        sorted = true;
        if (edits.length > KEPT) {
            edits = new int[WIDTH * 32];
        }
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Whether a value is replaced by another. */
    boolean hasReplaced() {
        return instead.length() > 0;
    }

    @Override
    public void cut(int from, int to) {
        note(from, to, 0, 0);
    }

    /** Lets go of what a long text needed. */
    void forget() {
        queries.forget();
    }

    /**
     * Does to the attribute on which the slots stand what is to be done to it.
     *
     * @param claims whether the sender may say what only we know
     * @return whether anything may be to be done to an attribute of this key
     */
    boolean apply(AttributeActions actions, byte[] bytes, AttributeSlots slots, boolean claims) {
        int number = slots.number();
        byte action = number >= 0
                ? actions.of(number)
                : EnrichRules.isClaim(bytes, slots.keyStart(), slots.keyEnd())
                        ? AttributeActions.CLAIM
                        : AttributeActions.KEEP;
        switch (action) {
            case AttributeActions.CLAIM -> {
                if (!claims) {
                    cut(slots.fieldStart(), slots.fieldEnd());
                }
            }
            case AttributeActions.CUT -> cut(slots.fieldStart(), slots.fieldEnd());
            case AttributeActions.HASH -> hash(bytes, slots);
            case AttributeActions.URL -> redact(bytes, slots, false);
            case AttributeActions.QUERY -> redact(bytes, slots, true);
            default -> {}
        }
        return action != AttributeActions.KEEP;
    }

    private void redact(byte[] bytes, AttributeSlots slots, boolean isQuery) {
        if (slots.isRepeated()) { // which value counts is up to who reads it
            cut(slots.fieldStart(), slots.fieldEnd());
            return;
        }
        ValueType type = slots.value();
        if (type == ValueType.ARRAY) {
            redactList(bytes, slots, isQuery);
        } else if (type == ValueType.STRING && queries.redact(bytes, slots.textStart(), slots.textEnd(), isQuery)) {
            replace(bytes, slots, queries.bytes(), queries.length());
        }
    }

    /** The texts of a list, as SDKs write headers; not what lies deeper. */
    private void redactList(byte[] bytes, AttributeSlots slots, boolean isQuery) {
        boolean redacted = false;
        list.clear(0);
        element.reset(bytes, slots.textStart(), slots.textEnd());
        while (element.next()) {
            boolean isText = element.isContent(AttributeWriter.ELEMENT)
                    && slots.value(element.valueStart(), element.valueEnd()) == ValueType.STRING;
            if (isText && queries.redact(bytes, slots.textStart(), slots.textEnd(), isQuery)) {
                list.element(queries.bytes(), 0, queries.length());
                redacted = true;
            } else {
                list.fields(bytes, element.fieldStart(), element.valueEnd());
            }
        }
        if (redacted) {
            int from = instead.length();
            instead.list(bytes, slots.keyStart(), slots.keyEnd(), list.bytes(), list.length());
            note(slots.fieldStart(), slots.fieldEnd(), from, instead.length());
        }
    }

    /** Of a text that is the text; of any other value, its bytes as they came. */
    private void hash(byte[] bytes, AttributeSlots slots) {
        boolean isText = slots.value() == ValueType.STRING;
        int from = isText ? slots.textStart() : slots.anyStart();
        int to = isText ? slots.textEnd() : slots.anyEnd();
        byte[] hashed = hash.of(bytes, from, to);
        replace(bytes, slots, hashed, hashed.length);
    }

    private void replace(byte[] bytes, AttributeSlots slots, byte[] text, int length) {
        int from = instead.length();
        instead.string(bytes, slots.keyStart(), slots.keyEnd(), text, 0, length);
        note(slots.fieldStart(), slots.fieldEnd(), from, instead.length());
    }

    private void note(int from, int to, int insteadFrom, int insteadTo) {
        int at = WIDTH * count++;
        if (at == edits.length) {
            edits = Arrays.copyOf(edits, 2 * at);
        }
        edits[at + FROM] = from;
        edits[at + TO] = to;
        edits[at + INSTEAD_FROM] = insteadFrom;
        edits[at + INSTEAD_TO] = insteadTo;
        sorted &= at == 0 || edits[at - WIDTH + FROM] < from;
    }

    /** Writes what stays of a range, which is the source of the plan. */
    void writeInto(EditPlan plan, int from, int to) {
        sort();
        int copied = from;
        for (int at = 0; at < WIDTH * count; at += WIDTH) {
            if (edits[at + FROM] >= copied) {
                plan.copy(copied, edits[at + FROM]);
                plan.append(instead.bytes(), edits[at + INSTEAD_FROM], edits[at + INSTEAD_TO]);
            }
            copied = Math.max(copied, edits[at + TO]);
        }
        plan.copy(copied, to);
    }

    /** Appends what stays of a range of bytes that are not the source of the plan. */
    void appendInto(EditPlan plan, byte[] bytes, int from, int to) {
        sort();
        int copied = from;
        for (int at = 0; at < WIDTH * count; at += WIDTH) {
            if (edits[at + FROM] >= copied) {
                plan.append(bytes, copied, edits[at + FROM]);
                plan.append(instead.bytes(), edits[at + INSTEAD_FROM], edits[at + INSTEAD_TO]);
            }
            copied = Math.max(copied, edits[at + TO]);
        }
        plan.append(bytes, copied, to);
    }

    /** By where they begin; of two at one place the one that takes out is first, and counts. All but a few are in order. */
    private void sort() {
        if (sorted) {
            return;
        }
        for (int i = 1; i < count; i++) {
            for (int at = WIDTH * i; at > 0 && isBefore(at, at - WIDTH); at -= WIDTH) {
                for (int j = at; j < at + WIDTH; j++) {
                    int other = edits[j - WIDTH];
                    edits[j - WIDTH] = edits[j];
                    edits[j] = other;
                }
            }
        }
        sorted = true;
    }

    private boolean isBefore(int one, int other) {
        return edits[one + FROM] < edits[other + FROM]
                || edits[one + FROM] == edits[other + FROM]
                        && edits[one + INSTEAD_TO] - edits[one + INSTEAD_FROM]
                                < edits[other + INSTEAD_TO] - edits[other + INSTEAD_FROM];
    }
}
