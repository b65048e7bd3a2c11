package dev.weir.export;

import dev.weir.otlp.RequestBytes;
import dev.weir.pipeline.Batch;

/** One request to be sent: a whole batch, or a part of one that the destination found too large. */
final class Piece {

    final Delivery delivery;
    final RequestBytes bytes;
    final int items;
    /** Of the first attempt; meaningful once {@link #attempts} is not 0. */
    long firstTriedNanos;

    int attempts;
    /** What its pauses grow with. */
    int failures;
    /** When it may be tried again. */
    long dueNanos;
    /** Counted as sent, dropped or split. */
    boolean settled;

    Piece(Delivery delivery, RequestBytes bytes, int items) {
        this.delivery = delivery;
        this.bytes = bytes;
        this.items = items;
    }

    /** Whether it was cut off a batch, and takes memory of its own. */
    boolean isPart() {
        return bytes != delivery.batch.bytes();
    }

    /** Its next pause is short again, and this one is over. */
    void startAgain(long now) {
        failures = 0;
        dueNanos = now;
    }

    /** A batch that this destination holds, until all of its pieces are settled. */
    static final class Delivery {
        final Batch batch;
        /** Bytes of the queue that it takes. */
        final long charge;

        int unsettled = 1;

        Delivery(Batch batch, long charge) {
            this.batch = batch;
            this.charge = charge;
        }
    }
}
