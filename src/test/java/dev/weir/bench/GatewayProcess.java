package dev.weir.bench;

import dev.weir.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A gateway under test, pinned to the core that {@code -Dweir.pin} names; closing it ends it. */
final class GatewayProcess implements AutoCloseable {

    private static final long READY_WITHIN = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int PAGE = 4096;
    private static final String PIN = System.getProperty("weir.pin", "");

    private final Gateway gateway;
    private final Process process;
    private final Path log;
    private final int grpcPort;
    private final int httpPort;
    private final double startSeconds;

    private GatewayProcess(
            Gateway gateway, Process process, Path log, int grpcPort, int httpPort, double startSeconds) {
        this.gateway = gateway;
        this.process = process;
        this.log = log;
        this.grpcPort = grpcPort;
        this.httpPort = httpPort;
        this.startSeconds = startSeconds;
    }

    /**
     * Starts it and waits until it is ready.
     *
     * @param config name of its configuration, see {@link Gateway#config}
     * @param sinks what {@code @SINK…@} in it stands for
     * @param options further options of a JVM
     */
    static GatewayProcess start(Gateway gateway, String config, List<Sink> sinks, String options) {
        try {
            Path directory = Files.createTempDirectory("bench-" + gateway.label());
            int[] port = FreePorts.next(4);
            Map<String, String> values = new HashMap<>(Map.of(
                    "@GRPC@", Integer.toString(port[0]),
                    "@HTTP@", Integer.toString(port[1]),
                    "@ADMIN@", Integer.toString(port[2]),
                    "@DOWN@", Integer.toString(port[3])));
            for (int i = 0; i < sinks.size(); i++) {
                values.put(
                        "@SINK" + (i + 1) + "@", Integer.toString(sinks.get(i).grpcPort()));
                values.put(
                        "@SINK" + (i + 1) + "_HTTP@",
                        Integer.toString(sinks.get(i).httpPort()));
            }
            String text = Files.readString(gateway.config(config));
            for (Map.Entry<String, String> value : values.entrySet()) {
                text = text.replace(value.getKey(), value.getValue());
            }
            Path file =
                    Files.writeString(directory.resolve(gateway.config(config).getFileName()), text);
            Path log = directory.resolve("log");
            List<String> command = new ArrayList<>();
            if (!PIN.isEmpty()) {
                command.addAll(List.of("taskset", "-c", PIN));
            }
            command.addAll(gateway.command(file));
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("WEIR_") && !name.equals("WEIR_PEERS"));
            builder.environment().putAll(gateway.environment(text, port[2], options));
            long start = System.nanoTime();
            Process process = builder.start();
            try {
                awaitReady(gateway, process, port[0], port[2], log, start);
            } catch (RuntimeException e) {
                process.destroyForcibly();
                throw e;
            }
            double took = (System.nanoTime() - start) / 1e9;
            return new GatewayProcess(gateway, process, log, port[0], port[1], took);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitReady(Gateway gateway, Process process, int grpcPort, int adminPort, Path log, long start)
            throws IOException {
        while (!(gateway.readyPath().isEmpty() ? accepts(grpcPort) : isOk(adminPort, gateway.readyPath()))) {
            if (!process.isAlive() || System.nanoTime() - start > READY_WITHIN) {
                throw new IllegalStateException(gateway.label() + " did not get ready:\n" + Files.readString(log));
            }
            LockSupport.parkNanos(POLL);
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static boolean isOk(int port, String path) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
            connection.setConnectTimeout(1000);
            connection.setReadTimeout(1000);
            try {
                return connection.getResponseCode() == 200;
            } finally {
                connection.disconnect();
            }
        } catch (IOException notYet) {
            return false;
        }
    }

    Gateway gateway() {
        return gateway;
    }

    int port(Load.Protocol protocol) {
        return protocol == Load.Protocol.GRPC ? grpcPort : httpPort;
    }

    long pid() {
        return process.pid();
    }

    /** From the start of the process until it was ready. */
    double startSeconds() {
        return startSeconds;
    }

    String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nanoseconds on a core, of each thread that lives. */
    Map<String, Long> cpu() {
        Map<String, Long> threads = new HashMap<>();
        Path tasks = Path.of("/proc", Long.toString(pid()), "task");
        try (Stream<Path> list = Files.list(tasks)) {
            for (Path task : list.toList()) {
                try {
                    String stat = Files.readString(task.resolve("schedstat"));
                    threads.put(task.getFileName().toString(), Long.parseLong(stat.substring(0, stat.indexOf(' '))));
                } catch (IOException ended) {
                    // a thread that has ended meanwhile
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(gateway.label() + " is gone:\n" + output(), e);
        }
        return threads;
    }

    /** Nanoseconds since; of threads that have ended meanwhile what they took is lost. */
    long cpuSince(Map<String, Long> before) {
        long sum = 0;
        for (Map.Entry<String, Long> thread : cpu().entrySet()) {
            sum += thread.getValue() - before.getOrDefault(thread.getKey(), 0L);
        }
        return sum;
    }

    /** The same of the threads that compile, in a JVM. */
    long compilingSince(Map<String, Long> before) {
        return cpu().entrySet().stream()
                .filter(thread -> threadName(thread.getKey()).matches("C[12] Compiler.*"))
                .mapToLong(thread -> thread.getValue() - before.getOrDefault(thread.getKey(), 0L))
                .sum();
    }

    /** What the thread is called; of the system's names, which end after 15 characters. */
    String threadName(String thread) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid()), "task", thread, "comm"))
                    .strip();
        } catch (IOException ended) {
            return "?";
        }
    }

    long residentBytes() {
        try {
            return Long.parseLong(Files.readString(Path.of("/proc", Long.toString(pid()), "statm"))
                            .split(" ")[1])
                    * PAGE;
        } catch (IOException e) {
            throw new UncheckedIOException(gateway.label() + " is gone:\n" + output(), e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
