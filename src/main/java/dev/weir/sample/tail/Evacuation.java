package dev.weir.sample.tail;

import java.nio.ByteBuffer;

/**
 * Empties slabs that few long traces keep alive: their held spans are copied to the slab that is being filled. For one
 * thread at a time; each shard has its own.
 */
final class Evacuation {

    /** A slab is emptied when at most one in so many of its spans is held. */
    private static final int SPARSE = 4;

    /** Of a compressed one, which is small already and grows when it is copied. */
    private static final int SPARSE_COMPRESSED = 32;

    /** What is held of a slab may need the rest of the one being filled and two more. */
    private static final int SLABS_NEEDED = 2;

    private final ShardSlabs slabs;
    private final RunIndex index;
    private final Reservation reservation;
    private final SpanReader reader;
    private int cursor;

    Evacuation(ShardSlabs slabs, RunIndex index, Reservation reservation, SpanReader reader) {
        this.slabs = slabs;
        this.index = index;
        this.reservation = reservation;
        this.reader = reader;
    }

    /**
     * Empties the next slabs in turn.
     *
     * @param atMostSlabs so many, to bound the time that it takes
     * @return how many it emptied; fewer when there are no more, or no memory to copy to
     */
    int run(int atMostSlabs) {
        int emptied = 0;
        for (int seen = slabs.numbers(); seen > 0 && emptied < atMostSlabs; seen--) {
            cursor = cursor + 1 < slabs.numbers() ? cursor + 1 : 0;
            Slab slab = slabs.find(cursor);
            if (slab != null && isSparse(slab)) {
                if (!reservation.tryTakeSlabs(SLABS_NEEDED)) {
                    break;
                }
                try {
                    empty(slab);
                } finally {
                    reservation.close();
                }
                emptied++;
            }
        }
        return emptied;
    }

    private static boolean isSparse(Slab slab) {
        int sparse = slab.isCompressed() ? SPARSE_COMPRESSED : SPARSE;
        return slab.isClosed && slab.pins == 0 && slab.live * sparse <= slab.spans && slab.spans > 1;
    }

    private void empty(Slab slab) {
        ByteBuffer source = reader.open(slab);
        slab.pins++; // so that it does not go back with its last span
        int at = 0;
        while (slab.live > 0 && at < slab.used) {
            int run = Slab.run(source, at);
            if (index.isAt(run, slab.number, at)) {
                int count = index.count(run);
                int length = bytes(source, at, count);
                Slab target = slabs.slabFor(length - Slab.SPAN_HEADER, reservation);
                slabs.countOrigin(target, index.origin(run));
                index.move(run, target.number, target.putCopy(source, at, length, count));
                slab.live -= count;
                at += length;
            } else {
                at += bytes(source, at, 1);
            }
        }
        slabs.unpin(slab, 1);
    }

    /** Bytes of so many spans with their headers. */
    private static int bytes(ByteBuffer source, int from, int count) {
        int at = from;
        for (int i = 0; i < count; i++) {
            at += Slab.SPAN_HEADER + Slab.length(source, at);
        }
        return at - from;
    }
}
