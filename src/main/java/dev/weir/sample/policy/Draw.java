package dev.weir.sample.policy;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What resolving one outcome says: its threshold, and the sources whose ceilings it is under. Reused. */
final class Draw {

    long threshold;
    private @Nullable ThresholdSource[] sources = new @Nullable ThresholdSource[4];
    private int count;

    void clear() {
        count = 0;
    }

    void add(ThresholdSource source) {
        if (count == sources.length) {
            sources = Arrays.copyOf(sources, 2 * count);
        }
        sources[count++] = source;
    }

    int mark() {
        return count;
    }

    /** Keeps, of the sources from {@code start}, only those from {@code from}. */
    void dropBetween(int start, int from) {
        System.arraycopy(sources, from, sources, start, count - from);
        count -= from - start;
    }

    void dropFrom(int mark) {
        count = mark;
    }

    boolean admits(TraceFacts facts, long nowNanos) {
        for (int i = 0; i < count; i++) {
            ThresholdSource source = sources[i];
            if (source != null && !source.admits(facts, nowNanos)) {
                return false;
            }
        }
        return true;
    }

    boolean isProbabilityKnown(long nowNanos) {
        for (int i = 0; i < count; i++) {
            ThresholdSource source = sources[i];
            if (source != null && !source.isProbabilityKnown(nowNanos)) {
                return false;
            }
        }
        return true;
    }
}
