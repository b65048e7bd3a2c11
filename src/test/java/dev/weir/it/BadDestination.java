package dev.weir.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A port that takes connections and then misbehaves. */
final class BadDestination implements AutoCloseable {

    /** What becomes of a connection. */
    enum Behaviour {
        /** It is taken, and nothing is ever read or said. */
        HANGS,
        /** It is reset at once. */
        RESETS,
        /** Nobody listens. */
        REFUSES
    }

    private final ServerSocket server;
    private final Behaviour behaviour;
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();

    BadDestination(Behaviour behaviour) {
        this.behaviour = behaviour;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            if (behaviour == Behaviour.REFUSES) {
                server.close();
            } else {
                Thread.ofPlatform().daemon().start(this::accept);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                if (behaviour == Behaviour.RESETS) {
                    socket.setSoLinger(true, 0);
                    socket.close();
                } else {
                    open.add(socket);
                }
            }
        } catch (IOException closed) {
            return;
        }
    }
}
