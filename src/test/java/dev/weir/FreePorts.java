package dev.weir;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Ports that nobody listens on, and that stay free until the test that asked takes them, or takes them again.
 *
 * <p>They lie below the range from which the system gives every outgoing connection its port: in that range a port can be
 * taken by somebody's connection between two moments of a test, and a connection to a port where nobody listens can even
 * reach itself. No port is given twice in a JVM, and JVMs that run at the same time have different ones: each takes whole
 * blocks, which it marks as taken by listening on their first port to its end.
 */
public final class FreePorts {

    static final int FIRST = 15_000;
    static final int BLOCK = 200;

    private static final Path RANGE_OF_CONNECTIONS = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final int USUAL_FIRST_OF_CONNECTIONS = 32_768;

    private static final List<ServerSocket> MARKS = new ArrayList<>();
    private static int next;
    private static int endOfBlock;

    private FreePorts() {}

    /** A port that is free on every interface. */
    public static synchronized int next() {
        while (true) {
            if (next == endOfBlock) {
                takeBlock();
            }
            int port = next++;
            ServerSocket socket = listen(port);
            if (socket != null) {
                close(socket);
                return port;
            }
        }
    }

    /** So many different ones. */
    public static int[] next(int count) {
        int[] ports = new int[count];
        for (int i = 0; i < count; i++) {
            ports[i] = next();
        }
        return ports;
    }

    /**
     * Waits until nobody listens on a port any more. A server says that it has closed a moment before it has: the JVM
     * closes a listening socket in the next round of the thread that selects.
     */
    public static void awaitFree(int port) {
        await().pollInterval(Duration.ofMillis(2)).until(() -> {
            ServerSocket socket = listen(port);
            if (socket != null) {
                socket.close();
            }
            return socket != null;
        });
    }

    /** The end, exclusive, of what can be given. */
    static int end() {
        int end = firstOfConnections();
        // Where connections may have any port there is no better choice than the usual one.
        return end < FIRST + BLOCK ? USUAL_FIRST_OF_CONNECTIONS : end;
    }

    private static void takeBlock() {
        int blocks = (end() - FIRST) / BLOCK;
        int start = (int) (ProcessHandle.current().pid() % blocks);
        for (int i = 0; i < blocks; i++) {
            int first = FIRST + (start + i) % blocks * BLOCK;
            ServerSocket mark = listen(first);
            if (mark != null) {
                MARKS.add(mark);
                next = first + 1;
                endOfBlock = first + BLOCK;
                return;
            }
        }
        throw new IllegalStateException("no block of ports is free from " + FIRST + " to " + end());
    }

    /** Null when the port is taken. */
    private static ServerSocket listen(int port) {
        try {
            return new ServerSocket(port, 1);
        } catch (IOException taken) {
            return null;
        }
    }

    private static int firstOfConnections() {
        try {
            return Integer.parseInt(
                    Files.readString(RANGE_OF_CONNECTIONS).strip().split("\\s+")[0]);
        } catch (IOException notLinux) {
            return USUAL_FIRST_OF_CONNECTIONS;
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
