package dev.weir.bench;

import dev.weir.pipeline.Signal;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A connection to the sink's port for HTTP/1.1. */
final class HttpReceiver extends Connection {

    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final HttpReader reader = new HttpReader(in);
    private final Sink sink;
    private int answers;

    HttpReceiver(Loop loop, SocketChannel channel, Sink sink) throws IOException {
        super(loop, channel);
        this.sink = sink;
    }

    @Override
    void read() {
        while (reader.read()) {
            String path = reader.startLine().split(" ")[1];
            Signal signal =
                    Signal.valueOf(path.substring(path.lastIndexOf('/') + 1).toUpperCase(Locale.ROOT));
            sink.arrived(signal, reader.gzip(), reader.body(), 0, reader.length());
            answers++;
        }
    }

    @Override
    void write() {
        while (answers > 0 && out.remaining() >= ANSWER.length) {
            out.put(ANSWER);
            answers--;
        }
    }

    @Override
    void ended() {
        // the gateway's matter
    }
}
