package dev.weir.bench;

import dev.weir.pipeline.Signal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.zip.GZIPInputStream;

/** A destination that counts: OTLP/gRPC on one port, OTLP/HTTP on another. */
final class Sink {

    private final Tally tally = new Tally();
    private final int grpcPort;
    private final int httpPort;

    Sink(Loop loop) {
        try {
            grpcPort = listen(loop, channel -> new GrpcReceiver(loop, channel, this));
            httpPort = listen(loop, channel -> new HttpReceiver(loop, channel, this));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int grpcPort() {
        return grpcPort;
    }

    int httpPort() {
        return httpPort;
    }

    Tally tally() {
        return tally;
    }

    void arrived(Signal signal, boolean gzip, byte[] message, int from, int to) {
        if (gzip) {
            try (GZIPInputStream plain =
                    new GZIPInputStream(new ByteArrayInputStream(message, from, to - from), 8192)) {
                byte[] bytes = plain.readAllBytes();
                tally.arrived(signal, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        } else {
            tally.arrived(signal, message, from, to);
        }
    }

    private interface Accepted {
        void on(SocketChannel channel) throws IOException;
    }

    private static int listen(Loop loop, Accepted accepted) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
        loop.register(server, SelectionKey.OP_ACCEPT, key -> {
            SocketChannel channel = server.accept();
            if (channel != null) {
                accepted.on(channel);
            }
        });
        return ((InetSocketAddress) server.getLocalAddress()).getPort();
    }
}
