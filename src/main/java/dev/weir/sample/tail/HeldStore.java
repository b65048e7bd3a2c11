package dev.weir.sample.tail;

import dev.weir.pipeline.MemoryBudget;

/**
 * What the shards of the tail sampler have in common: the memory, the pools, the hash and the origins.
 *
 * @param slabs blocks for spans
 * @param chunks blocks for the tables beside them
 * @param shards how many there are, a power of two
 * @param compresses whether slabs will be compressed
 */
record HeldStore(
        HeldMemory memory, Slabs slabs, Slabs chunks, Origins origins, IdHash hash, int shards, boolean compresses) {

    /** Chunks are smaller than slabs, because a shard has three kinds of them. */
    private static final int CHUNK_PART = 4;

    private static final int SMALLEST_SLAB = 64 << 10;

    /** Larger ones compress no better and take longer to fill, longer to become free. */
    static final int LARGEST_SLAB = 256 << 10;

    /** The open slabs of all shards are at most one part in so many of the buffer, unless it is tiny. */
    private static final int OPEN_SLABS_PART = 40;

    /** Free slabs for each shard: what two requests at a time are promised, though they seldom take any. */
    private static final int SPARE_SLABS = 2;

    private static final int SPARE_CHUNKS = 6;

    /** Origins may take one part in so many of the buffer. */
    private static final int ORIGINS_PART = 10;

    /** A store that does not compress. */
    static HeldStore of(MemoryBudget budget, long bufferSize, int shards) {
        return of(budget, bufferSize, shards, false);
    }

    /** @param bufferSize bytes that may be held, with all that holding takes */
    static HeldStore of(MemoryBudget budget, long bufferSize, int shards, boolean compresses) {
        HeldMemory memory = new HeldMemory(budget, bufferSize);
        long open = Long.highestOneBit(Math.max(1, bufferSize / OPEN_SLABS_PART / shards));
        int slab = (int) Math.clamp(open, SMALLEST_SLAB, LARGEST_SLAB);
        int chunk = slab / CHUNK_PART;
        return new HeldStore(
                memory,
                new Slabs(memory, slab, spare(bufferSize, slab, SPARE_SLABS * shards)),
                new Slabs(memory, chunk, spare(bufferSize, chunk, SPARE_CHUNKS * shards)),
                new Origins(memory, bufferSize / ORIGINS_PART, shards),
                new IdHash(),
                shards,
                compresses);
    }

    private static int spare(long bufferSize, int size, int most) {
        return (int) Math.clamp(bufferSize / OPEN_SLABS_PART / size, 1, most);
    }

    /** The shard of a trace, by the hash of its id. */
    int shardOf(long idHash) {
        return shards == 1 ? 0 : (int) (idHash >>> Long.SIZE - Integer.numberOfTrailingZeros(shards));
    }

    /**
     * Bytes that one request may need at most, so that there is room for it at least when nothing else is held: the shards'
     * open slabs, the spare blocks and those for decompression stay taken.
     */
    long mostForOneRequest() {
        long limit = memory.limit();
        long open = (long) shards * slabs.size();
        long spare = (long) spare(limit, chunks.size(), SPARE_CHUNKS * shards) * chunks.size();
        return Math.max(limit / 4, limit - open - spare - memory.standing());
    }

    /** One for each thread that holds spans. */
    Reservation newReservation() {
        return new Reservation(this);
    }

    /**
     * One for each thread that reads pinned spans.
     *
     * @param slots so many decompressed slabs are at hand
     */
    SpanReader newReader(int slots) {
        return new SpanReader(this, slots);
    }

    /** One shard; whoever uses it holds the shard's lock. */
    HeldShard newShard() {
        return new HeldShard(this);
    }
}
