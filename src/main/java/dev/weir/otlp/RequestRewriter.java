package dev.weir.otlp;

import java.util.Arrays;

/**
 * Leaves items out of a request, and changes those that stay by cutting ranges out of them and appending fields; lengths
 * are corrected, everything else stays byte for byte and in order. One pass decides, the second copies.
 *
 * <p>A scope or resource of which no item is left disappears; one that came without any stays. Reusable; for one thread; allocates nothing for an item but
 * the request that comes out.
 */
public final class RequestRewriter {

    /** Decides about one item. */
    @FunctionalInterface
    public interface ItemEditor {

        /**
         * @param request a scanned request, in which the item's body is from {@code from} to {@code to}
         * @param edit may be called when the item stays
         * @return whether it stays
         */
        boolean edit(byte[] request, int from, int to, ItemEdit edit);
    }

    /** Changes the item that is being decided. */
    public final class ItemEdit {

        private ItemEdit() {}

        /** Leaves out a range of whole fields; ranges come in ascending order. */
        public void cut(int from, int to) {
            beginEdit();
            copy(itemCopied, from);
            itemCopied = to;
        }

        /** Appends bytes that are whole fields; they are copied at once. */
        public void append(byte[] fields, int from, int to) {
            beginEdit();
            int length = to - from;
            if (length > appended.length - appendedCount) {
                appended = Arrays.copyOf(appended, Math.max(appendedCount + length, 2 * appended.length));
            }
            System.arraycopy(fields, from, appended, appendedCount, length);
            appendedCount += length;
        }
    }

    private static final int REQUEST = 0;
    private static final int SCOPE = 2;

    /** Field numbers of Resource* in a request, Scope* in a Resource*, items in a Scope*. */
    private static final int[] CHILD = {RequestFields.RESOURCES, RequestFields.SCOPES, RequestFields.ITEMS};

    /** Arrays over this many elements are let go after the request, so that one giant does not cost memory for ever. */
    private static final int KEPT_CAPACITY = 1 << 16;

    private final ItemEdit edit = new ItemEdit();
    private final FieldCursor[] cursors = {new FieldCursor(), new FieldCursor(), new FieldCursor()};

    /**
     * What is to be written, two numbers each: a range of the source; a range of {@link #appended} as the complements of
     * its bounds; or a tag below {@link Integer#MIN_VALUE} {@code + 256} and the length of the message it begins.
     */
    private int[] steps = new int[256];

    private int stepCount;
    private byte[] appended = new byte[1024];
    private int appendedCount;

    private byte[] source = {};
    private ItemEditor editor = (request, from, to, e) -> true;
    private long length;
    private int items;
    private int leftOut;
    private boolean changed;

    private int itemFieldStart;
    private int itemStart;
    /** Up to here the item is copied; −1 before its first change. */
    private int itemCopied;

    private int itemStep;
    private long itemLength;
    private int itemAppended;

    /**
     * Decides about every item of the request.
     *
     * @return how many stay
     */
    public int plan(byte[] scannedRequest, ItemEditor itemEditor) {
        source = scannedRequest;
        editor = itemEditor;
        stepCount = 0;
        appendedCount = 0;
        length = 0;
        items = 0;
        leftOut = 0;
        changed = false;
        walk(REQUEST, 0, scannedRequest.length);
        return items;
    }

    /** Whether anything is left out or changed. */
    public boolean isChanged() {
        return changed;
    }

    /** Bytes of what {@link #build} makes. */
    public long length() {
        return length;
    }

    /** The request as planned: the very same array when nothing is changed. Forgets the plan. */
    public byte[] build() {
        byte[] request = source;
        if (changed) {
            if (length > Integer.MAX_VALUE - 8) {
                throw new IllegalStateException("a request of " + length + " bytes");
            }
            request = new byte[(int) length];
            write(request);
        }
        forget();
        return request;
    }

    /** Lets go of the request. */
    public void forget() {
        source = new byte[0];
        if (steps.length > KEPT_CAPACITY) {
            steps = new int[256];
        }
        if (appended.length > KEPT_CAPACITY) {
            appended = new byte[1024];
        }
    }

    private boolean walk(int depth, int from, int to) {
        boolean any = false;
        FieldCursor field = cursors[depth];
        field.reset(source, from, to);
        while (field.next()) {
            if (!field.isContent(CHILD[depth])) {
                copy(field.fieldStart(), field.valueEnd());
            } else if (depth == SCOPE) {
                any |= item(field);
            } else {
                any |= group(depth, field);
            }
        }
        return any;
    }

    /** Whether an item of the Resource* or Scope* stays. */
    private boolean group(int depth, FieldCursor field) {
        int step = stepCount;
        long before = length;
        open(CHILD[depth]);
        int leftOutBefore = leftOut;
        boolean any = walk(depth + 1, field.valueStart(), field.valueEnd());
        if (any || leftOut == leftOutBefore) {
            close(step, before);
        } else {
            stepCount = step;
            length = before;
        }
        return any;
    }

    private boolean item(FieldCursor field) {
        itemFieldStart = field.fieldStart();
        itemStart = field.valueStart();
        itemCopied = -1;
        boolean stays = editor.edit(source, field.valueStart(), field.valueEnd(), edit);
        if (!stays) {
            leftOut++;
            changed = true;
            if (itemCopied >= 0) {
                stepCount = itemStep;
                length = itemLength;
                appendedCount = itemAppended;
            }
            return false;
        }
        items++;
        if (itemCopied < 0) {
            copy(itemFieldStart, field.valueEnd());
            return true;
        }
        changed = true;
        copy(itemCopied, field.valueEnd());
        if (appendedCount > itemAppended) {
            step(~itemAppended, ~appendedCount);
            length += appendedCount - itemAppended;
        }
        close(itemStep, itemLength);
        return true;
    }

    private void beginEdit() {
        if (itemCopied < 0) {
            itemCopied = itemStart;
            itemStep = stepCount;
            itemLength = length;
            itemAppended = appendedCount;
            open(RequestFields.ITEMS);
        }
    }

    private void open(int number) {
        step(Integer.MIN_VALUE + (number << 3 | Wire.LENGTH), 0);
    }

    private void close(int step, long lengthBefore) {
        long content = length - lengthBefore;
        steps[step + 1] = (int) content;
        length += Wire.fieldLength(content) - content;
    }

    /** A neighbour of what was copied last makes that longer. */
    private void copy(int from, int to) {
        if (from == to) {
            return;
        }
        length += to - from;
        if (stepCount > 0 && steps[stepCount - 2] >= 0 && steps[stepCount - 1] == from) {
            steps[stepCount - 1] = to;
        } else {
            step(from, to);
        }
    }

    private void step(int first, int second) {
        if (stepCount == steps.length) {
            steps = Arrays.copyOf(steps, 2 * stepCount);
        }
        steps[stepCount++] = first;
        steps[stepCount++] = second;
    }

    private void write(byte[] out) {
        int at = 0;
        for (int i = 0; i < stepCount; i += 2) {
            int first = steps[i];
            int second = steps[i + 1];
            if (first >= 0) {
                System.arraycopy(source, first, out, at, second - first);
                at += second - first;
            } else if (first < Integer.MIN_VALUE + 256) {
                at = Wire.putPrefix(out, at, (byte) (first - Integer.MIN_VALUE), second);
            } else {
                System.arraycopy(appended, ~first, out, at, first - second);
                at += first - second;
            }
        }
    }
}
