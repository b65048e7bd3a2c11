package dev.weir.bench;

import dev.weir.pipeline.Signal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds the ids of the items of a request: steps over fields, makes nothing. */
final class OtlpScan {

    /** Is told of each item. */
    interface Items {
        /** Ids as in OTLP's bytes; zeros for a data point's trace, whose {@code span} is its integer value. */
        void item(long traceHigh, long traceLow, long span);
    }

    private static final VarHandle BIG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LITTLE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH = 2;
    private static final int FIXED32 = 5;

    private byte[] bytes = new byte[0];
    private int at;

    /** Field numbers that lead from the request to an item: a resource's, a scope's, an item's; further ones for data points. */
    private static int[] path(Signal signal) {
        return switch (signal) {
            case TRACES, LOGS -> new int[] {1, 2, 2};
            case METRICS -> new int[] {1, 2, 2, 7, 1};
        };
    }

    /** @throws IllegalStateException when it is no such request */
    void scan(Signal signal, byte[] message, int from, int to, Items items) {
        bytes = message;
        descend(signal, path(signal), 0, from, to, items);
    }

    private void descend(Signal signal, int[] path, int depth, int from, int to, Items items) {
        if (depth == path.length) {
            switch (signal) {
                case TRACES -> ids(1, 2, from, to, items);
                case LOGS -> ids(9, 10, from, to, items);
                case METRICS -> value(from, to, items);
            }
            return;
        }
        at = from;
        while (at < to) {
            long tag = varint();
            if ((tag & 7) == LENGTH) {
                int end = end(to);
                if (tag >>> 3 == path[depth]) {
                    descend(signal, path, depth + 1, at, end, items);
                }
                at = end;
            } else {
                skip((int) tag & 7, to);
            }
        }
    }

    private void ids(int traceField, int spanField, int from, int to, Items items) {
        long high = 0;
        long low = 0;
        long span = 0;
        int found = 0;
        at = from;
        while (at < to && found < 2) {
            long tag = varint();
            if ((tag & 7) == LENGTH) {
                int end = end(to);
                long field = tag >>> 3;
                if (field == traceField && end - at == 16) {
                    high = (long) BIG.get(bytes, at);
                    low = (long) BIG.get(bytes, at + 8);
                    found++;
                } else if (field == spanField && end - at == 8) {
                    span = (long) BIG.get(bytes, at);
                    found++;
                }
                at = end;
            } else {
                skip((int) tag & 7, to);
            }
        }
        if (found < 2) {
            throw new IllegalStateException("an item without ids");
        }
        items.item(high, low, span);
    }

    private void value(int from, int to, Items items) {
        at = from;
        while (at < to) {
            long tag = varint();
            if (tag == (6 << 3 | FIXED64)) {
                items.item(0, 0, (long) LITTLE.get(bytes, at));
                return;
            }
            skip((int) tag & 7, to);
        }
        throw new IllegalStateException("a data point without an integer value");
    }

    private int end(int to) {
        long length = varint();
        if (length < 0 || length > to - at) {
            throw new IllegalStateException("a length beyond its message");
        }
        return at + (int) length;
    }

    private void skip(int type, int to) {
        switch (type) {
            case VARINT -> varint();
            case FIXED64 -> at += 8;
            case FIXED32 -> at += 4;
            case LENGTH -> at = end(to);
            default -> throw new IllegalStateException("wire type " + type);
        }
    }

    private long varint() {
        long value = bytes[at++];
        if (value >= 0) {
            return value;
        }
        value &= 0x7F;
        for (int shift = 7; shift < 70; shift += 7) {
            byte b = bytes[at++];
            value |= (b & 0x7FL) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IllegalStateException("a varint of more than ten bytes");
    }
}
