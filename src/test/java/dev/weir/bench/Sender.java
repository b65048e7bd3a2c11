package dev.weir.bench;

import java.io.IOException;

/** A connection that carries requests to a gateway. */
interface Sender {

    /** Bytes of an answer that says nothing, at most: an empty {@code partial_success}. */
    int NOTHING_REJECTED = 2;

    /** It is the sender's from now until it is answered. */
    void send(Request request) throws IOException;

    void close() throws IOException;
}
