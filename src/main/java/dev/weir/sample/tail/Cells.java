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
    /** Chunks of the present cell size that have a free cell, linked. */
    private @Nullable Chunk open;

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

    /** A free cell; the first int of its content is arbitrary, as is the rest. */
    int take(Reservation reservation) {
        Chunk chunk = open;
        if (chunk == null) {
            chunk = openAnother(reservation.takeChunk());
        }
        int index;
        if (chunk.firstFree == NONE) {
            index = chunk.used++;
        } else {
            index = chunk.firstFree - 1;
            chunk.firstFree = bytes[chunk.number].getInt(index * chunk.cellSize);
        }
        chunk.live++;
        live++;
        if (chunk.firstFree == NONE && chunk.used == chunk.cells) {
            unlink(chunk);
        }
        return chunk.number << shift | index;
    }

    void free(int cell) {
        int number = cell >>> shift;
        Chunk chunk = chunks[number];
        int index = cell & mask;
        boolean wasFull = chunk.firstFree == NONE && chunk.used == chunk.cells;
        bytes[number].putInt(index * sizes[number], chunk.firstFree);
        chunk.firstFree = index + 1;
        chunk.live--;
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
        chunk.cells = block.size() / cellSize;
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
        chunk.next = open;
        chunk.previous = null;
        if (open != null) {
            open.previous = chunk;
        }
        open = chunk;
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
        if (chunk.next != null) {
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
        /** Index of the first free cell among them, plus one; the others are linked by their first int. */
        int firstFree;

        int live;

        Block giveUp() {
            Block given = java.util.Objects.requireNonNull(block);
            block = null;
            return given;
        }
    }
}
