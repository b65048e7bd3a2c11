package dev.weir.admin;

import java.io.IOException;
import java.io.OutputStream;

/** A trace as OTLP JSON. */
final class TraceJson {

    private TraceJson() {}

    /** Writes {@code {"resourceSpans":[…]}}. */
    static void write(byte[] request, OutputStream out) throws IOException {
        throw new IOException("JSON is not there yet");
    }
}
