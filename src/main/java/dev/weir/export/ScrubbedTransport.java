package dev.weir.export;

import dev.weir.pipeline.Signal;
import java.util.function.Consumer;

/** Removes the values of headers from what a destination says, before it gets into logs, status and spans. */
record ScrubbedTransport(Transport transport, Headers headers) implements Transport {

    @Override
    public Call send(Signal signal, byte[] bytes, int items, Consumer<Outcome> done) {
        return transport.send(
                signal, bytes, items, outcome -> done.accept(outcome.saying(headers.scrub(outcome.message()))));
    }

    @Override
    public void close() {
        transport.close();
    }
}
