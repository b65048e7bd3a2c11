package dev.weir.it;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A peer on ports of its own that can be killed and started again with the same configuration. */
final class PeerProcess implements AutoCloseable {

    private static final Duration READY_WITHIN = Duration.ofSeconds(40);

    private final String name;
    private final Path directory;
    private final List<String> command;
    private final String readyUrl;
    private final Map<String, Integer> ports;
    private OsProcess process;

    private PeerProcess(
            String name, Path directory, List<String> command, String readyUrl, Map<String, Integer> ports) {
        this.name = name;
        this.directory = directory;
        this.command = command;
        this.readyUrl = readyUrl;
        this.ports = ports;
        this.process = launch();
    }

    /**
     * @param readyUrl answers 200 as soon as the peer can be used
     * @param ports its ports by what they are for
     */
    static PeerProcess start(
            String name, Path directory, List<String> command, String readyUrl, Map<String, Integer> ports) {
        return new PeerProcess(name, directory, command, readyUrl, ports);
    }

    int port(String purpose) {
        Integer port = ports.get(purpose);
        if (port == null) {
            throw new IllegalArgumentException(name + " has no port " + purpose + ", only " + ports.keySet());
        }
        return port;
    }

    /** {@code http://127.0.0.1:port} of the port for the purpose. */
    String url(String purpose) {
        return "http://127.0.0.1:" + port(purpose);
    }

    OsProcess process() {
        return process;
    }

    String output() {
        return process.output();
    }

    /** kill -9. */
    void kill() {
        process.kill();
    }

    /** After {@link #kill}: the same command again, on the same ports, in the same directory. */
    void restart() {
        process = launch();
    }

    /** SIGTERM, so that it writes what it still holds, and waits for the end. */
    void stop() {
        process.terminate();
        process.exitCode();
    }

    @Override
    public void close() {
        process.close();
    }

    private OsProcess launch() {
        OsProcess started = OsProcess.start(name, directory, Map.of(), command);
        try {
            await().atMost(READY_WITHIN)
                    .pollInterval(Duration.ofMillis(50))
                    .failFast(name + " has ended", () -> !started.isAlive())
                    .until(() -> Http.isOk(readyUrl));
        } catch (RuntimeException e) {
            started.close();
            throw new AssertionError(name + " did not get ready:\n" + started.output(), e);
        }
        return started;
    }
}
