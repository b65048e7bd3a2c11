package dev.weir.sample.tail;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cells of one size in blocks of a pool, each found by a number that stays its own until it is freed; 0 is none. A block
 * whose cells are all free goes back. For one thread at a time.
 */
final class Cells {

    private static final int NONE = 0;
    private static final Chunk NO_CHUNK = new Chunk();
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0).order(ByteOrder.nativeOrder());

    private final Slabs pool;
    private final int shift;
    private final int mask;
    private int cellSize;
    /** By number; number 0 is never given, so that no cell has the number 0. */
    private Chunk[] chunks = new Chunk[8];

    /** The chunks' bytes and cell sizes by number: read for every cell, so that no chunk need be looked at. */
    private ByteBuffer[] bytes = new ByteBuffer[8];

    private int[] sizes = new int[8];

    private int numbers = 1;
    private int vacant;
    /** Chunks of the present cell size that have a free cell, linked: the first is filled, one that gets a free cell is the last. */
    private @Nullable Chunk open;

    private @Nullable Chunk lastOpen;

    private int live;

    /** @param smallest bytes of the smallest cells there will be */
    Cells(Slabs pool, int cellSize, int smallest) {
        this.pool = pool;
        this.cellSize = cellSize;
        shift = 32 - Integer.numberOfLeadingZeros(pool.size() / smallest - 1);
        mask = (1 << shift) - 1;
        Arrays.fill(chunks, NO_CHUNK);
        Arrays.fill(bytes, NOTHING);
    }

    /** A free cell, of arbitrary content. Mostly it lies beside the one before; its bytes, which are far off, are not read. */
    int take(Reservation reservation) {
        Chunk chunk = open;
        if (chunk == null) {
            chunk = openAnother(reservation.takeChunk());
        }
        int index = chunk.take();
        live++;
        if (chunk.isFull()) {
            unlink(chunk);
        }
        return chunk.number << shift | index;
    }

    void free(int cell) {
        int number = cell >>> shift;
        Chunk chunk = chunks[number];
        int index = cell & mask;
        boolean wasFull = chunk.isFull();
        chunk.free(index);
        live--;
        if (chunk.live == 0) {
            if (!wasFull) {
                unlink(chunk);
            }
            close(chunk);
        } else if (wasFull && chunk.cellSize == cellSize) {
            link(chunk);
        }
    }

    /** Where the cell lies in {@link #bytes}. */
    int offset(int cell) {
        return (cell & mask) * sizes[cell >>> shift];
    }

    ByteBuffer bytes(int cell) {
        return bytes[cell >>> shift];
    }

    /** Whether the number is one that was given some time since its block was taken. */
    boolean wasTaken(int cell) {
        int number = cell >>> shift;
        return number > 0 && number < numbers && (cell & mask) < chunks[number].used;
    }

    /** New cells get another size; those that are taken keep theirs. */
    void resize(int newCellSize) {
        if (newCellSize != cellSize) {
            cellSize = newCellSize;
            while (open != null) {
                unlink(open);
            }
        }
    }

    /** Cells taken. */
    int live() {
        return live;
    }

    private Chunk openAnother(Block block) {
        Chunk chunk = new Chunk();
        chunk.block = block;
        chunk.cellSize = cellSize;
        chunk.setCells(block.size() / cellSize);
        if (vacant != NONE) {
            chunk.number = vacant;
            vacant = chunks[vacant].number;
        } else {
            if (numbers == chunks.length) {
                chunks = Arrays.copyOf(chunks, 2 * numbers);
                Arrays.fill(chunks, numbers, chunks.length, NO_CHUNK);
                bytes = Arrays.copyOf(bytes, 2 * numbers);
                Arrays.fill(bytes, numbers, bytes.length, NOTHING);
                sizes = Arrays.copyOf(sizes, 2 * numbers);
            }
            chunk.number = numbers++;
        }
        chunks[chunk.number] = chunk;
        bytes[chunk.number] = block.bytes;
        sizes[chunk.number] = cellSize;
        link(chunk);
        return chunk;
    }

    /** The chunk stays as a mark of its number being vacant; its own number becomes the next vacant one. */
    private void close(Chunk chunk) {
        int number = chunk.number;
        chunk.number = vacant;
        vacant = number;
        chunk.used = 0;
        bytes[number] = NOTHING;
        pool.giveBack(chunk.giveUp());
    }

    private void link(Chunk chunk) {
        chunk.next = null;
        chunk.previous = lastOpen;
        if (lastOpen == null) {
            open = chunk;
        } else {
            lastOpen.next = chunk;
        }
        lastOpen = chunk;
        chunk.isLinked = true;
    }

    private void unlink(Chunk chunk) {
        if (!chunk.isLinked) {
            return;
        }
        if (chunk.previous == null) {
            open = chunk.next;
        } else {
            chunk.previous.next = chunk.next;
        }
        if (chunk.next == null) {
            lastOpen = chunk.previous;
        } else {
            chunk.next.previous = chunk.previous;
        }
        chunk.next = null;
        chunk.previous = null;
        chunk.isLinked = false;
    }

    private static final class Chunk {

        @Nullable
        Block block;

        @Nullable
        Chunk next;

        @Nullable
        Chunk previous;

        boolean isLinked;
        int number;
        int cellSize;
        int cells;
        /** Cells from the start that have ever been taken. */
        int used;

        int live;
        /** A bit for each free cell. */
        private long[] free = {};
        /** Where the last one was found: the next is looked for from there on. */
        private int word;

        void setCells(int count) {
            cells = count;
            free = new long[(count + Long.SIZE - 1) / Long.SIZE];
            Arrays.fill(free, -1);
            if (count % Long.SIZE != 0) {
                free[free.length - 1] = (1L << count) - 1;
            }
        }

        boolean isFull() {
            return live == cells;
        }

        int take() {
            while (free[word] == 0) {
                word = word + 1 < free.length ? word + 1 : 0;
            }
            int index = word * Long.SIZE + Long.numberOfTrailingZeros(free[word]);
            free[word] &= free[word] - 1;
            used = Math.max(used, index + 1);
            live++;
            return index;
        }

        void free(int index) {
            free[index / Long.SIZE] |= 1L << index;
            live--;
        }

        Block giveUp() {
            Block given = java.util.Objects.requireNonNull(block);
            block = null;
            return given;
        }
    }
}
