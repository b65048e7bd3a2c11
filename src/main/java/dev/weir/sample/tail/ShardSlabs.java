package dev.weir.sample.tail;

import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The slabs of one shard: one is being filled, the others wait until nothing in them is held or read any more. */
final class ShardSlabs {

    /** A span that would take more than this part of a slab gets a block for itself: little of a slab is ever wasted. */
    private static final int LARGE_PART = 8;

    private static final int NONE = 0;

    private final Slabs pool;
    private final Origins origins;
    private @Nullable Slab[] slabs = new @Nullable Slab[16];
    private int[] vacant = new int[16];
    private int vacantCount;
    private int numbers = 1;
    private int serials;
    /** By origin: serial of the last slab that counts it. */
    private int[] countedIn = new int[16];

    private @Nullable Slab current;
    /** Slabs in the order in which they were closed, when they are to be compressed. */
    private final @Nullable ArrayDeque<Slab> closed;

    private int second;
    private long blockBytes;

    ShardSlabs(Slabs pool, Origins origins, boolean compresses) {
        this.pool = pool;
        this.origins = origins;
        closed = compresses ? new ArrayDeque<>() : null;
    }

    /** Says what second it is. */
    void advance(int now) {
        second = now;
    }

    /** Bytes that a span takes, with all that stands beside it. */
    static int spaceFor(int length) {
        return Slab.SPAN_HEADER + length + Integer.BYTES;
    }

    /** The greatest {@link #spaceFor} that does not make a span a large one. */
    static int largest(int slabSize) {
        return slabSize / LARGE_PART;
    }

    /** Whether a run of so many bytes, without the header of its first span, can be copied to another slab. */
    boolean isMovable(int length) {
        return spaceFor(length) <= largest(pool.size());
    }

    /** The slab into which a span of so many bytes goes next. */
    Slab slabFor(int length, Reservation reservation) {
        int space = spaceFor(length);
        if (space > largest(pool.size())) {
            Slab own = open(reservation.takeLarge(space));
            own.isClosed = true;
            return own;
        }
        Slab slab = current;
        if (slab != null && slab.room() >= space - Integer.BYTES) {
            return slab;
        }
        closeCurrent();
        slab = open(reservation.takeSlab());
        current = slab;
        return slab;
    }

    /** The slab holds a reference to the origin, one however many of its spans have it. */
    void countOrigin(Slab slab, int origin) {
        if (origin >= countedIn.length) {
            countedIn = Arrays.copyOf(countedIn, Math.max(2 * countedIn.length, origin + 1));
        }
        if (countedIn[origin] != slab.serial) {
            countedIn[origin] = slab.serial;
            origins.retain(origin);
            slab.addOrigin(origin);
        }
    }

    Slab get(int number) {
        Slab slab = slabs[number];
        if (slab == null) {
            throw new IllegalStateException("no slab " + number);
        }
        return slab;
    }

    /** So many spans of the slab are no longer held. */
    void drop(Slab slab, int count) {
        slab.live -= count;
        if (slab.live == 0 && slab.pins == 0) {
            vacate(slab);
        }
    }

    /** So many spans of the slab are no longer held, but will be read until {@link #unpin}. */
    void pin(Slab slab, int count) {
        slab.live -= count;
        slab.pins += count;
    }

    /** A run of the slab is held and will be read until {@link #unpin}. */
    void pinHeld(Slab slab) {
        slab.pins++;
    }

    void unpin(Slab slab, int count) {
        slab.pins -= count;
        if (slab.live == 0 && slab.pins == 0) {
            vacate(slab);
        }
    }

    /** Bytes of all slabs. */
    long blockBytes() {
        return blockBytes;
    }

    /** One more than the greatest number. */
    int numbers() {
        return numbers;
    }

    /** The slab with the number, if there is one. */
    @Nullable
    Slab find(int number) {
        return slabs[number];
    }

    /** The oldest slab that was closed until then and is not compressed; pinned, and not found again. */
    @Nullable
    Slab pinClosed(int until) {
        while (closed != null && !closed.isEmpty() && closed.peek().closedSecond <= until) {
            Slab slab = closed.remove();
            if (slabs[slab.number] == slab && slab.pins == 0) {
                slab.pins++;
                return slab;
            }
            if (slabs[slab.number] == slab) { // being read: later
                slab.closedSecond = second;
                closed.add(slab);
            }
        }
        return null;
    }

    /** Puts a compressed block in place of the slab's, unless somebody has begun to read that. */
    void replace(Slab slab, Block block) {
        if (slab.pins != 1 || slab.live == 0) {
            pool.giveBackOdd(block);
            if (closed != null && slab.live > 0) {
                closed.add(slab);
            }
        } else {
            Block old = slab.block;
            slab.compressedLength = block.size() - slab.origins * Integer.BYTES;
            slab.block = block;
            blockBytes += block.size() - old.size();
            pool.giveBack(old);
        }
    }

    private void closeCurrent() {
        Slab slab = current;
        if (slab != null) {
            slab.isClosed = true;
            slab.closedSecond = second;
            current = null;
            if (slab.isUnused()) {
                vacate(slab);
            } else if (closed != null) {
                closed.add(slab);
            }
        }
    }

    /** Nothing of the slab is in use: the one that is being filled starts again, others go back. */
    private void vacate(Slab slab) {
        origins.release(slab.block.bytes, slab.origins);
        if (!slab.isClosed) {
            slab.clear(++serials);
            Slabs.overwrite(slab.block);
            return;
        }
        slabs[slab.number] = null;
        if (vacantCount == vacant.length) {
            vacant = Arrays.copyOf(vacant, 2 * vacantCount);
        }
        vacant[vacantCount++] = slab.number;
        blockBytes -= slab.block.size();
        if (slab.block.size() == pool.size()) {
            pool.giveBack(slab.block);
        } else {
            pool.giveBackOdd(slab.block);
        }
    }

    private Slab open(Block block) {
        int number = vacantCount > 0 ? vacant[--vacantCount] : NONE;
        if (number == NONE) {
            if (numbers == slabs.length) {
                slabs = Arrays.copyOf(slabs, 2 * numbers);
            }
            number = numbers++;
        }
        Slab slab = new Slab(number, ++serials, block);
        slabs[number] = slab;
        blockBytes += block.size();
        return slab;
    }
}
