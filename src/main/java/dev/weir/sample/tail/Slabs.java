package dev.weir.sample.tail;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A pool of blocks of one size. Blocks are promised before they are taken, all or none, so that a request that needs
 * several is either held whole or refused whole. Some free blocks are kept for the next one. Thread-safe.
 */
final class Slabs {

    /** Set by tests: what is given back is overwritten, so that they notice who still reads it. */
    static volatile boolean overwritesReturned;

    private static final long GARBAGE = 0xdeadbeefdeadbeefL;

    /**
     * While there is memory, as many free blocks are kept as were in use lately: what comes and goes in waves wants them
     * again, and new memory is slow to get. Each second this part of those that are not in use is forgotten.
     */
    private static final int FORGOTTEN_PART = 32;

    private final HeldMemory memory;
    private final int size;
    private final int spare;
    private final ArrayDeque<Block> free = new ArrayDeque<>();
    private int promised;
    private int taken;
    /** The most that were taken or promised at once, lately. */
    private int peak;

    /**
     * @param size bytes of a block
     * @param spare so many unused blocks are kept even if memory is short, and stay charged
     */
    Slabs(HeldMemory memory, int size, int spare) {
        this.memory = memory;
        this.size = size;
        this.spare = spare;
    }

    /** Bytes of a block. */
    int size() {
        return size;
    }

    /** Sets blocks aside for {@link #take}, or returns false and sets none aside. */
    synchronized boolean tryPromise(int blocks) {
        while (free.size() < promised + blocks) {
            Block more = tryAllocate(size);
            if (more == null) {
                trim();
                return false;
            }
            free.push(more);
        }
        promised += blocks;
        peak = Math.max(peak, taken + promised);
        return true;
    }

    /** Takes back the promise of blocks that were not taken. */
    synchronized void unpromise(int blocks) {
        promised -= blocks;
        trim();
    }

    /** A block that was promised, with arbitrary content. */
    synchronized Block take() {
        if (promised == 0) {
            throw new IllegalStateException("a block was taken that nobody promised");
        }
        promised--;
        taken++;
        return free.pop();
    }

    synchronized void giveBack(Block block) {
        overwrite(block);
        taken--;
        free.push(block);
        trim();
    }

    /** Frees some of what has not been in use for a while. To be called each second. */
    synchronized void settle() {
        peak -= (peak - taken - promised + FORGOTTEN_PART - 1) / FORGOTTEN_PART;
        trim();
    }

    /** A block of another size, which goes to {@link #giveBackOdd}; null when there is no memory for it. */
    @Nullable
    Block tryTakeOdd(int bytes) {
        return tryAllocate(bytes);
    }

    /**
     * A block to work in, which a request never finds free.
     *
     * @throws IllegalStateException when there is no memory for it
     */
    Block takeForGood(int bytes) {
        Block block = tryAllocate(bytes);
        if (block == null) {
            throw new IllegalStateException("the buffer is too small to compress anything in it");
        }
        memory.keepsStanding(bytes);
        return block;
    }

    void giveBackOdd(Block block) {
        overwrite(block);
        release(block);
    }

    static void overwrite(Block block) {
        if (overwritesReturned) {
            for (int at = 0; at + Long.BYTES <= block.size(); at += Long.BYTES) {
                block.bytes.putLong(at, GARBAGE);
            }
        }
    }

    private @Nullable Block tryAllocate(int bytes) {
        if (!memory.tryCharge(bytes)) {
            return null;
        }
        try {
            return new Block(bytes);
        } catch (OutOfMemoryError e) { // less direct memory than the budget: refused like any other want of memory
            memory.uncharge(bytes);
            return null;
        }
    }

    private void trim() {
        int kept = promised + spare;
        while (free.size() > (memory.isPlenty() ? Math.max(kept, peak - taken) : kept)) {
            release(free.pop());
        }
    }

    private void release(Block block) {
        int bytes = block.size();
        block.free();
        memory.uncharge(bytes);
    }
}
