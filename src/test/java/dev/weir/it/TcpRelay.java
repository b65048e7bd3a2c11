package dev.weir.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands between a client and a port of the loopback interface, as a network does that loses connections. */
final class TcpRelay implements AutoCloseable {

    private final int target;
    private final ServerSocket door;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();

    TcpRelay(int target) {
        this.target = target;
        try {
            door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /** Ends the connection that was opened last. */
    void cutLast() {
        connections.getLast().close();
    }

    /** Those that are open now stay open, and nothing comes through any more; new ones are served. */
    void freeze() {
        connections.forEach(connection -> connection.frozen = true);
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connections.forEach(Connection::close);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = door.accept();
                Connection connection = new Connection(client, new Socket(InetAddress.getLoopbackAddress(), target));
                connections.add(connection);
                Thread.ofVirtual().start(() -> connection.copy(connection.client, connection.server));
                Thread.ofVirtual().start(() -> connection.copy(connection.server, connection.client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private static final class Connection implements AutoCloseable {

        private final Socket client;
        private final Socket server;
        private volatile boolean frozen;

        Connection(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void copy(Socket from, Socket to) {
            byte[] buffer = new byte[1 << 16];
            try {
                for (int n = from.getInputStream().read(buffer);
                        n > 0;
                        n = from.getInputStream().read(buffer)) {
                    if (!frozen) {
                        to.getOutputStream().write(buffer, 0, n);
                    }
                }
            } catch (IOException e) {
                // ends below
            }
            if (!frozen) {
                close();
            }
        }

        @Override
        public void close() {
            Parts.close(client, server);
        }
    }
}
