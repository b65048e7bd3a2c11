package dev.weir.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What listens in place of a destination and speaks no protocol at all. */
final class BrokenPort implements AutoCloseable {

    /** What becomes of a connection. */
    enum Fault {
        /** Accepted and reset. */
        RESET,
        /** Accepted, and then nothing. */
        HANG
    }

    private final ServerSocket server;
    private final Fault fault;
    private final Thread accepting;
    private final List<Socket> accepted = new CopyOnWriteArrayList<>();

    BrokenPort(int port, Fault fault) {
        this.fault = fault;
        try {
            server = new ServerSocket();
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        accepting = Thread.ofPlatform().daemon().start(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                accepted.add(socket);
                if (fault == Fault.RESET) {
                    reset(socket);
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    int connections() {
        return accepted.size();
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() {
        try {
            server.close();
            accepting.join(); // until then the port is taken
            for (Socket socket : accepted) {
                if (!socket.isClosed()) {
                    reset(socket);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
