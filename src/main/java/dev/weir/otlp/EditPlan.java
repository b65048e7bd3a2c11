package dev.weir.otlp;

import java.util.Arrays;

/**
 * How a request becomes another one: pieces of it that stay, fields that are added, and messages around them whose lengths
 * are found at their end. Planned first, so that the length is known before a byte is written. Reusable; for one thread;
 * allocates nothing but the request that comes out, and room for the largest plan so far.
 */
public final class EditPlan {

    /** Longer arrays are let go after the request, so that one giant does not cost memory for ever. */
    private static final int KEPT_STEPS = 1 << 16;

    /** More than what is added to 512 spans of Envoy, the largest batch that Istio's users ask for. */
    private static final int KEPT_BYTES = 1 << 20;

    /** A tag step's first number is this and the tag, which is one byte. */
    private static final int TAG = Integer.MIN_VALUE;

    private static final int TAG_LIMIT = TAG + 256;

    /**
     * What is to be written, two numbers each: a range of the source; a range of {@link #appended} as the complements of
     * its bounds; or a tag below {@link #TAG_LIMIT} and the length of the message it begins.
     */
    private int[] steps = new int[256];

    private int stepCount;
    private byte[] appended = new byte[1024];
    private int appendedCount;
    private byte[] source = {};
    private long length;

    /** Lengths before the messages that are open, by depth. */
    private long[] before = new long[8];

    private int[] opened = new int[8];
    private int depth;
    /** Steps before this one are not made longer: they are places. */
    private int fixed;

    /** Begins anew. */
    public EditPlan reset(byte[] request) {
        source = request;
        stepCount = 0;
        appendedCount = 0;
        length = 0;
        depth = 0;
        fixed = 0;
        return this;
    }

    /** A range of the source stays; a neighbour of what was copied last makes that longer. */
    public void copy(int from, int to) {
        if (from == to) {
            return;
        }
        length += to - from;
        if (stepCount > fixed && steps[stepCount - 2] >= 0 && steps[stepCount - 1] == from) {
            steps[stepCount - 1] = to;
        } else {
            step(from, to);
        }
    }

    /** Bytes that are written here; they are copied at once. */
    public void append(byte[] bytes, int from, int to) {
        if (from == to) {
            return;
        }
        int start = appendedCount;
        store(bytes, from, to);
        if (stepCount > fixed && isAppended(steps[stepCount - 2]) && ~steps[stepCount - 1] == start) {
            steps[stepCount - 1] = ~appendedCount;
        } else {
            step(~start, ~appendedCount);
        }
        length += to - from;
    }

    /** What comes now, up to {@link #close}, is the body of a message. */
    public void open(int fieldNumber) {
        if (depth == before.length) {
            before = Arrays.copyOf(before, 2 * depth);
            opened = Arrays.copyOf(opened, 2 * depth);
        }
        before[depth] = length;
        opened[depth++] = stepCount;
        step(TAG + (fieldNumber << 3 | Wire.LENGTH), 0);
    }

    /** Ends the message that was opened last. */
    public void close() {
        long content = length - before[--depth];
        steps[opened[depth] + 1] = (int) content;
        length += Wire.fieldLength(content) - content;
    }

    /** Takes back the message that was opened last, and everything in it. */
    public void cancel() {
        length = before[--depth];
        stepCount = opened[depth];
        fixed = Math.min(fixed, stepCount);
    }

    /** A place that {@link #fill} or {@link #keep} gives something to write, while the messages around it are open. */
    public int place() {
        step(0, 0);
        fixed = stepCount;
        return stepCount - 2;
    }

    /** A message is written at the place; its body is copied at once. */
    public void fill(int place, int fieldNumber, byte[] body, int from, int to) {
        int start = appendedCount;
        room(Wire.fieldLength(to - from));
        appendedCount = Wire.putPrefix(appended, appendedCount, (byte) (fieldNumber << 3 | Wire.LENGTH), to - from);
        store(body, from, to);
        steps[place] = ~start;
        steps[place + 1] = ~appendedCount;
        length += appendedCount - start;
    }

    /** A range of the source stays, at the place. */
    public void keep(int place, int from, int to) {
        steps[place] = from;
        steps[place + 1] = to;
        length += to - from;
    }

    /** Bytes of what {@link #build} makes. */
    public long length() {
        return length;
    }

    /** The request as planned. Forgets the plan. */
    public byte[] build() {
        if (length > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException("a request of " + length + " bytes");
        }
        byte[] out = new byte[(int) length];
        write(out);
        forget();
        return out;
    }

    /** Lets go of the request. */
    public void forget() {
        reset(new byte[0]);
        if (steps.length > KEPT_STEPS) {
            steps = new int[256];
        }
        if (appended.length > KEPT_BYTES) {
            appended = new byte[1024];
        }
    }

    private static boolean isAppended(int first) {
        return first < 0 && first >= TAG_LIMIT;
    }

    private void store(byte[] bytes, int from, int to) {
        room(to - from);
        System.arraycopy(bytes, from, appended, appendedCount, to - from);
        appendedCount += to - from;
    }

    private void room(long more) {
        if (more > appended.length - appendedCount) {
            appended = Arrays.copyOf(appended, Math.toIntExact(Math.max(appendedCount + more, 2L * appended.length)));
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
            } else if (first < TAG_LIMIT) {
                at = Wire.putPrefix(out, at, (byte) (first - TAG), second);
            } else {
                System.arraycopy(appended, ~first, out, at, first - second);
                at += first - second;
            }
        }
    }
}
