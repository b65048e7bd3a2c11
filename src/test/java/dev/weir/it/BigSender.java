package dev.weir.it;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * How long small requests take (gRPC, four connections, ten a second on each, timed from when each was due) while one sender
 * posts big JSON bodies in a loop. Prints the times without and with it; ends with 1 when the 99th percentile with it is
 * 20 ms or more. Started by {@code load-tests/big-sender}.
 */
final class BigSender {

    private static final int CONNECTIONS = 4;
    private static final Duration BETWEEN_REQUESTS = Duration.ofMillis(100);
    private static final Duration MOST_P99 = Duration.ofMillis(20);
    private static final int WARM_UP_SECONDS = 10;

    private final Map<String, Integer> answers = new TreeMap<>();
    private volatile boolean stopped;

    private BigSender() {}

    /** Arguments: seconds, MiB of JSON a body, MiB of {@code memory.limit}. */
    public static void main(String[] arguments) throws Exception {
        int seconds = Integer.parseInt(arguments[0]);
        int body = Integer.parseInt(arguments[1]) << 20;
        boolean quick = new BigSender().run(seconds, body, Integer.parseInt(arguments[2]));
        System.exit(quick ? 0 : 1);
    }

    private boolean run(int seconds, int bodyBytes, int limitMebibytes) throws Exception {
        byte[] body = BigJson.of(bodyBytes).body();
        Path directory = Files.createTempDirectory("weir-big-sender");
        try (WeirProcess weir = WeirProcess.start(
                directory, "memory: { limit: " + limitMebibytes + "MiB }", Map.of(), options(limitMebibytes))) {
            smallRequests(weir, WARM_UP_SECONDS);
            report("without the big sender", smallRequests(weir, seconds));
            Thread big = Thread.ofPlatform().daemon().start(() -> postInALoop(weir.httpPort(), body));
            long[] with = smallRequests(weir, seconds);
            stopped = true;
            big.join(Duration.ofSeconds(20));
            report("with it", with);
            System.out.printf("%-24s %s%n", "big requests by status", answers);
            System.out.printf("%-24s %d MiB%n", "resident, peak", weir.process().peakResidentBytes() >> 20);
            return percentile(with, 0.99) < MOST_P99.toNanos();
        }
    }

    /** As the launcher sets them, and what {@code WEIR_JAVA_OPTS} adds. */
    private static List<String> options(int limitMebibytes) {
        List<String> options = new ArrayList<>(WeirProcess.jvmOptionsFor(limitMebibytes));
        String more = System.getenv("WEIR_JAVA_OPTS");
        if (more != null && !more.isBlank()) {
            options.addAll(List.of(more.strip().split(" +")));
        }
        return options;
    }

    /** Nanoseconds of each, sorted. */
    private static long[] smallRequests(WeirProcess weir, int seconds) throws InterruptedException {
        int each = (int) (Duration.ofSeconds(seconds).toNanos() / BETWEEN_REQUESTS.toNanos());
        long[] times = new long[CONNECTIONS * each];
        List<Thread> senders = new ArrayList<>();
        long start = System.nanoTime();
        for (int c = 0; c < CONNECTIONS; c++) {
            int connection = c;
            senders.add(Thread.ofPlatform().start(() -> {
                ExportTraceServiceRequest small = Samples.spans("small", 5);
                try (OtlpClient client = new OtlpClient(weir.grpcPort())) {
                    client.export(small);
                    for (int i = 0; i < each; i++) {
                        // spread over the interval
                        long due =
                                start + (long) ((i + (double) connection / CONNECTIONS) * BETWEEN_REQUESTS.toNanos());
                        while (System.nanoTime() - due < 0) {
                            LockSupport.parkNanos(due - System.nanoTime());
                        }
                        client.export(small);
                        times[connection * each + i] = System.nanoTime() - due;
                    }
                }
            }));
        }
        for (Thread sender : senders) {
            sender.join();
        }
        Arrays.sort(times);
        return times;
    }

    private void postInALoop(int port, byte[] body) {
        byte[] head = ("POST /v1/traces HTTP/1.1\r\nHost: weir\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length + "\r\nConnection: close\r\n\r\n")
                .getBytes(US_ASCII);
        while (!stopped) {
            answers.merge(post(port, head, body), 1, Integer::sum);
        }
    }

    private static String post(int port, byte[] head, byte[] body) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(30_000);
            OutputStream out = socket.getOutputStream();
            out.write(head);
            for (int at = 0; at < body.length; at += 64 << 10) {
                out.write(body, at, Math.min(64 << 10, body.length - at));
            }
            InputStream in = socket.getInputStream();
            String status = new String(in.readNBytes(12), US_ASCII);
            return status.substring(status.lastIndexOf(' ') + 1);
        } catch (IOException cut) {
            return "cut off";
        }
    }

    private static void report(String what, long[] times) {
        System.out.printf(
                "%-24s %d requests, p50 %.1f ms, p99 %.1f ms, most %.1f ms%n",
                what,
                times.length,
                percentile(times, 0.5) / 1e6,
                percentile(times, 0.99) / 1e6,
                times[times.length - 1] / 1e6);
    }

    private static long percentile(long[] sorted, double part) {
        return sorted[(int) Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)];
    }
}
