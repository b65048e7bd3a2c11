package dev.weir.otlp;

import java.util.Arrays;

/**
 * Leaves items out of a request, and changes those that stay by cutting ranges out of them and appending fields; lengths
 * are corrected, everything else stays byte for byte and in order. One pass decides, the second copies.
 *
 * <p>A scope or resource of which no item is left disappears; one that came without any stays. Reusable; for one thread;
 * allocates nothing for an item but the request that comes out.
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
            plan.copy(itemCopied, from);
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
    private final EditPlan plan = new EditPlan();

    private byte[] source = {};
    private ItemEditor editor = (request, from, to, e) -> true;
    private int items;
    private int leftOut;
    private boolean changed;

    private int itemStart;
    /** Up to here the item is copied; −1 before its first change. */
    private int itemCopied;

    private byte[] appended = new byte[64];
    private int appendedCount;

    /**
     * Decides about every item of the request.
     *
     * @return how many stay
     */
    public int plan(byte[] scannedRequest, ItemEditor itemEditor) {
        source = scannedRequest;
        editor = itemEditor;
        plan.reset(scannedRequest);
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
        return plan.length();
    }

    /** The request as planned: the very same array when nothing is changed. Forgets the plan. */
    public byte[] build() {
        byte[] request = changed ? plan.build() : source;
        forget();
        return request;
    }

    /** Lets go of the request. */
    public void forget() {
        source = new byte[0];
        plan.forget();
        if (appended.length > KEPT_CAPACITY) {
            appended = new byte[64];
        }
    }

    private boolean walk(int depth, int from, int to) {
        boolean any = false;
        FieldCursor field = cursors[depth];
        field.reset(source, from, to);
        while (field.next()) {
            if (!field.isContent(CHILD[depth])) {
                plan.copy(field.fieldStart(), field.valueEnd());
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
        plan.open(CHILD[depth]);
        int leftOutBefore = leftOut;
        boolean any = walk(depth + 1, field.valueStart(), field.valueEnd());
        if (any || leftOut == leftOutBefore) {
            plan.close();
        } else {
            plan.cancel();
        }
        return any;
    }

    private boolean item(FieldCursor field) {
        itemStart = field.valueStart();
        itemCopied = -1;
        if (!editor.edit(source, field.valueStart(), field.valueEnd(), edit)) {
            leftOut++;
            changed = true;
            if (itemCopied >= 0) {
                plan.cancel();
            }
            return false;
        }
        items++;
        if (itemCopied < 0) {
            plan.copy(field.fieldStart(), field.valueEnd());
            return true;
        }
        changed = true;
        plan.copy(itemCopied, field.valueEnd());
        plan.append(appended, 0, appendedCount);
        plan.close();
        return true;
    }

    private void beginEdit() {
        if (itemCopied < 0) {
            itemCopied = itemStart;
            appendedCount = 0;
            plan.open(RequestFields.ITEMS);
        }
    }
}
