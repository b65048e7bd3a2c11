package dev.weir.export;

import dev.weir.otlp.RequestBytes;
import dev.weir.pipeline.Signal;
import java.util.function.Consumer;

/**
 * Removes the values of headers from what a destination says, before it gets into logs, status and spans, and only then
 * cuts it: of a value that is cut nobody would see that it is one.
 */
record ScrubbedTransport(Transport transport, Headers headers) implements Transport {

    @Override
    public Call send(Signal signal, RequestBytes bytes, int items, Consumer<Outcome> done) {
        return transport.send(
                signal,
                bytes,
                items,
                outcome -> done.accept(outcome.saying(Progress.oneLine(headers.scrub(outcome.message())))));
    }

    @Override
    public void close() {
        transport.close();
    }
}
