package dev.weir.sample.tail;

import org.jspecify.annotations.Nullable;

/**
 * Keeps held memory small between the rounds: frees what has not been in use for a while, empties slabs that few spans
 * keep alive, and compresses those that have lain a while. For one thread.
 */
final class Housekeeping {

    private static final int EVACUATED_A_ROUND = 4;
    private static final int COMPRESSED_A_ROUND = 16;

    private final HeldStore store;
    private final int compressAfterSeconds;
    private final @Nullable SlabCompressor compressor;
    private long second;

    /** @param compressAfterSeconds how long a full slab lies before it is compressed; 0 for ever */
    Housekeeping(HeldStore store, int compressAfterSeconds) {
        this.store = store;
        this.compressAfterSeconds = compressAfterSeconds;
        compressor = store.compresses() ? new SlabCompressor(store) : null;
    }

    /** Says what second it is, before the shards are tidied. */
    void advance(long now) {
        if (second != now) {
            second = now;
            store.slabs().settle();
            store.chunks().settle();
        }
    }

    void tidy(Shard shard) {
        shard.lock.lock();
        try {
            shard.held.advance((int) second);
            if (store.memory().used() > store.memory().limit() / 2) {
                shard.held.evacuate(EVACUATED_A_ROUND);
            }
        } finally {
            shard.lock.unlock();
        }
        SlabCompressor zstd = compressor;
        if (zstd != null) {
            for (int i = 0; i < COMPRESSED_A_ROUND && compressOne(shard, zstd); i++) {
                // the lock is free while a slab is compressed
            }
        }
    }

    private boolean compressOne(Shard shard, SlabCompressor zstd) {
        Slab slab;
        shard.lock.lock();
        try {
            slab = shard.held.beginCompression((int) second - compressAfterSeconds);
        } finally {
            shard.lock.unlock();
        }
        if (slab == null) {
            return false;
        }
        Block compressed = null;
        try {
            compressed = zstd.compress(slab);
        } finally {
            shard.lock.lock();
            try {
                shard.held.endCompression(slab, compressed);
            } finally {
                shard.lock.unlock();
            }
        }
        return true;
    }
}
