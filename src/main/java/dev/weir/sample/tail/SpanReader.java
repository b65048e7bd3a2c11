package dev.weir.sample.tail;

import com.github.luben.zstd.Zstd;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads the spans, or log records, of the runs in a {@link RunList}. For one thread; reused. */
final class SpanReader {

    private final Block[] scratch;
    /** Which slab lies decompressed in which scratch. */
    private final @Nullable Slab[] inScratch;

    private int oldest;
    private ByteBuffer bytes = ByteBuffer.allocate(0);
    private int from;
    private int length;
    private int flags;
    private int next;
    private int left;

    /** For what is not compressed. */
    SpanReader() {
        scratch = new Block[0];
        inScratch = new @Nullable Slab[0];
    }

    /**
     * @param slots so many decompressed slabs are at hand: traces that came together lie in the same ones
     * @throws IllegalStateException when there is no memory to decompress in
     */
    SpanReader(HeldStore store, int slots) {
        scratch = new Block[store.compresses() ? slots : 0];
        inScratch = new @Nullable Slab[scratch.length];
        for (int i = 0; i < scratch.length; i++) {
            scratch[i] = store.slabs().takeForGood(store.slabs().size());
        }
    }

    /** Stands before the first span of a run of the list. */
    void run(RunList list, int i) {
        bytes = open(list.slab(i));
        next = list.offset(i);
        left = list.count(i);
    }

    /** Goes to the run's next span; false after the last. */
    boolean next() {
        if (left == 0) {
            return false;
        }
        left--;
        length = Slab.length(bytes, next);
        flags = Slab.flags(bytes, next);
        from = next + Slab.SPAN_HEADER;
        next = from + length;
        return true;
    }

    /** The slab's bytes, decompressed if need be; good until the next slab is opened. */
    ByteBuffer open(Slab slab) {
        if (!slab.isCompressed()) {
            return slab.block.bytes;
        }
        for (int i = 0; i < scratch.length; i++) {
            if (inScratch[i] == slab) {
                return scratch[i].bytes;
            }
        }
        oldest = oldest + 1 < scratch.length ? oldest + 1 : 0;
        ByteBuffer target = scratch[oldest].bytes;
        inScratch[oldest] = null;
        long size = Zstd.decompressDirectByteBuffer(
                target, 0, target.capacity(), slab.block.bytes, 0, slab.compressedLength);
        if (size != slab.used) {
            throw new IllegalStateException("a slab of " + slab.used + " bytes became " + size);
        }
        inScratch[oldest] = slab;
        return target;
    }

    /** The body of the span lies in it from {@link #from}; to be read by absolute positions, until the next span. */
    ByteBuffer bytes() {
        return bytes;
    }

    int from() {
        return from;
    }

    /** Bytes of the span's body. */
    int length() {
        return length;
    }

    /** What is kept of its {@link SpanFlags}. */
    int flags() {
        return flags;
    }

    void copyTo(byte[] target, int at) {
        bytes.get(from, target, at, length);
    }
}
