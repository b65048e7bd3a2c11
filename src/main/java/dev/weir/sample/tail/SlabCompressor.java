package dev.weir.sample.tail;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import org.jspecify.annotations.Nullable;

/**
 * Compresses slabs that have lain a while. Works without the shard's lock on slabs that {@link HeldShard#beginCompression}
 * pinned. For one thread.
 */
final class SlabCompressor {

    /** The fastest; the next ones gain little on spans. */
    private static final int LEVEL = 1;

    /** What does not become smaller than this many percent stays as it is. */
    private static final int WORTHWHILE_PERCENT = 80;

    private final Slabs pool;
    private final ZstdCompressCtx zstd = new ZstdCompressCtx().setLevel(LEVEL);
    private final Block scratch;

    /** @throws IllegalStateException when there is no memory to work in */
    SlabCompressor(HeldStore store) {
        pool = store.slabs();
        scratch = pool.takeForGood((int) Zstd.compressBound(pool.size()));
    }

    /** What is to lie in the slab's place; null when it is hardly smaller, or there is no memory for it. */
    @Nullable
    Block compress(Slab slab) {
        int length = zstd.compressDirectByteBuffer(scratch.bytes, 0, scratch.size(), slab.block.bytes, 0, slab.used);
        if ((long) length * 100 > (long) slab.used * WORTHWHILE_PERCENT) {
            return null;
        }
        int origins = slab.origins * Integer.BYTES;
        Block block = pool.tryTakeOdd(length + origins);
        if (block != null) {
            block.bytes.put(0, scratch.bytes, 0, length);
            block.bytes.put(length, slab.block.bytes, slab.block.size() - origins, origins);
        }
        return block;
    }

    void close() {
        zstd.close();
        pool.giveBackOdd(scratch);
    }
}
