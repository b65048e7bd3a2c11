package dev.weir.bench;

import java.util.Arrays;

/** Numbers, all of them kept: durations in nanoseconds, sizes in bytes. */
final class Samples {

    private long[] values = new long[1024];
    private int size;
    private boolean sorted;

    void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
        sorted = false;
    }

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    /** Of durations, in milliseconds; NaN when there are none. */
    double millis(double quantile) {
        return quantile(quantile) / 1e6;
    }

    /** NaN when there are none. */
    double quantile(double quantile) {
        if (size == 0) {
            return Double.NaN;
        }
        if (!sorted) {
            Arrays.sort(values, 0, size);
            sorted = true;
        }
        return values[(int) Math.min(size - 1, (long) (quantile * size))];
    }
}
