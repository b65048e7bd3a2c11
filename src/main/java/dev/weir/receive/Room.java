package dev.weir.receive;

import dev.weir.pipeline.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Makes the array for a big body that is to come: clearing it takes too long for an event loop.
 *
 * @param spare where it may come from, and goes back to; null when it stays with the message
 */
record Room(HttpExchange exchange, int bytes, @Nullable SpareArray spare) implements Decoders.Work {

    @Override
    public void run() {
        if (!exchange.isFinished()) {
            byte[] room = spare == null ? new byte[bytes] : spare.take(bytes);
            exchange.later(() -> exchange.fill(room, bytes));
        }
    }

    @Override
    public void refuse(Refusal refusal) {
        exchange.later(() -> exchange.refuseEarly(refusal));
    }
}
