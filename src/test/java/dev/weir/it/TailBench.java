package dev.weir.it;

import dev.weir.FreePorts;
import dev.weir.otlp.TraceView;
import io.grpc.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What tail sampling costs, in CPU seconds a million received spans, beside the Collector's in the same run: blocks of a
 * fixed rate, ours, theirs, theirs, ours, after a while of small requests to warm both up. Both keep a tenth of the traces by
 * their ids and decide after five seconds. A block ends when all that is kept has arrived. Started by {@code load-tests/tail}, which pins the servers to one core.
 */
final class TailBench {

    private static final int WAIT_SECONDS = 5;
    private static final long MEMORY_MEBIBYTES = 2048;

    /** Small requests: what is done for each of them is compiled sooner. */
    private static final int WARM_UP_SPANS = 20;

    private static final int WARM_UP_SECONDS = 40;

    private final LongAdder arrivedHere = new LongAdder();
    private final LongAdder arrivedThere = new LongAdder();
    private final int spansPerRequest;
    private final boolean scattered;
    private final int rate;
    private final int seconds;
    private long seed = System.nanoTime();

    private TailBench(int spansPerRequest, boolean scattered, int rate, int seconds) {
        this.spansPerRequest = spansPerRequest;
        this.scattered = scattered;
        this.rate = rate;
        this.seconds = seconds;
    }

    /** Arguments: spans a request, {@code whole} or {@code scattered}, spans a second, seconds a block, rounds, policies. */
    public static void main(String[] arguments) throws Exception {
        Locale.setDefault(Locale.ROOT);
        TailBench bench = new TailBench(
                Integer.parseInt(arguments[0]),
                arguments[1].equals("scattered"),
                Integer.parseInt(arguments[2]),
                Integer.parseInt(arguments[3]));
        bench.run(Integer.parseInt(arguments[4]), Integer.parseInt(arguments[5]));
        System.exit(0);
    }

    private void run(int rounds, int policies) throws IOException {
        Path ours = Files.createTempDirectory("weir-tail");
        Path theirs = Files.createTempDirectory("otelcol-tail");
        Server sinkHere = RawOtlp.sink(request -> arrivedHere.add(spans(request)));
        Server sinkThere = RawOtlp.sink(request -> arrivedThere.add(spans(request)));
        try (WeirProcess weir = weir(ours, sinkHere.getPort(), policies);
                PeerProcess otelcol = otelcol(theirs, sinkThere.getPort(), policies);
                RawOtlp.Client toWeir = new RawOtlp.Client(weir.grpcPort(), 2);
                RawOtlp.Client toOtelcol = new RawOtlp.Client(otelcol.port("grpc"), 2)) {
            TailBench warmUp = new TailBench(WARM_UP_SPANS, scattered, rate / 2, WARM_UP_SECONDS);
            warmUp.block("weir, warm-up", weir.process(), toWeir, arrivedHere);
            warmUp.block("otelcol, warm-up", otelcol.process(), toOtelcol, arrivedThere);
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                double w1 = block("weir", weir.process(), toWeir, arrivedHere);
                double o1 = block("otelcol", otelcol.process(), toOtelcol, arrivedThere);
                double o2 = block("otelcol", otelcol.process(), toOtelcol, arrivedThere);
                double w2 = block("weir", weir.process(), toWeir, arrivedHere);
                ratios.add(o1 / w1);
                ratios.add(o2 / w2);
            }
            double[] sorted =
                    ratios.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            System.out.printf(
                    "otelcol / weir: median %.1f, least %.1f, greatest %.1f%n",
                    sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
            weir.awaitBalancedLedger();
        } finally {
            sinkHere.shutdownNow();
            sinkThere.shutdownNow();
        }
    }

    /** One block; c. */
    private double block(String name, OsProcess server, RawOtlp.Client client, LongAdder arrived) {
        TraceTraffic traffic = new TraceTraffic(spansPerRequest, scattered, seed += 1_000_000_007L);
        long pause = 1_000_000_000L * spansPerRequest / rate;
        int cycle = scattered ? TraceTraffic.SPANS_A_TRACE : 1;
        long requests = seconds * 1_000_000_000L / pause / cycle * cycle;
        long answeredBefore = client.answered();
        long refusedBefore = client.refused();
        long arrivedBefore = arrived.sum();
        Duration cpuBefore = server.cpu();
        long start = System.nanoTime();
        for (long i = 0; i < requests; i++) {
            byte[] request = traffic.next();
            long due = start + i * pause;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            client.send(request, spansPerRequest);
        }
        double took = (System.nanoTime() - start) / 1e9;
        LockSupport.parkNanos(Duration.ofMillis(WAIT_SECONDS * 1000 + 2500).toNanos());
        double cpu = server.cpu().minus(cpuBefore).toNanos() / 1e9;
        long answered = client.answered() - answeredBefore;
        long refused = client.refused() - refusedBefore;
        long kept = arrived.sum() - arrivedBefore;
        double c = cpu / answered * 1e6;
        System.out.printf(
                "%-18s sent %,9d at %,7.0f/s answered %,9d refused %,d %s kept %.4f cpu %.2f s c %.3f resident %d MiB%n",
                name,
                requests * spansPerRequest,
                requests * spansPerRequest / took,
                answered,
                refused,
                client.lastRefusal(),
                (double) kept / answered,
                cpu,
                c,
                server.residentBytes() >> 20);
        return c;
    }

    private static WeirProcess weir(Path directory, int sinkPort, int policies) {
        String extra = IntStream.range(0, policies - 3)
                .mapToObj(i -> "    - { name: attribute-%d, string: { key: \"%s\", values: [\"never %d\"] } }\n"
                        .formatted(i, KEYS.get(i % KEYS.size()), i))
                .collect(Collectors.joining());
        return WeirProcess.start(
                directory,
                """
                memory: { limit: %dMiB }
                sample:
                  tail:
                    decision-wait: %ds
                    decision-wait-after-root: %ds
                    policies:
                    - { name: errors, status: [error] }
                    - { name: slow, latency: { at-least: 5s } }
                %s    - { name: tenth, ratio: 0.1 }
                export:
                  sink: { protocol: grpc, endpoint: "http://127.0.0.1:%d", signals: [traces] }
                """.formatted(MEMORY_MEBIBYTES, WAIT_SECONDS, WAIT_SECONDS, extra, sinkPort),
                Map.of("MALLOC_ARENA_MAX", "2"),
                Arrays.asList("-Xmx%dm".formatted(MEMORY_MEBIBYTES / 4), "-XX:MaxDirectMemorySize=1300m"));
    }

    private static PeerProcess otelcol(Path directory, int sinkPort, int policies) {
        String extra = IntStream.range(0, policies - 3)
                .mapToObj(i ->
                        "      - { name: attribute-%d, type: string_attribute, string_attribute: { key: \"%s\", values: [\"never %d\"] } }\n"
                                .formatted(i, KEYS.get(i % KEYS.size()), i))
                .collect(Collectors.joining());
        int port = FreePorts.next();
        return Peers.collector(directory, """
                receivers: { otlp: { protocols: { grpc: { endpoint: "127.0.0.1:%d", max_recv_msg_size_mib: 64 } } } }
                processors:
                  tail_sampling:
                    decision_wait: %ds
                    num_traces: 2000000
                    policies:
                      - { name: errors, type: status_code, status_code: { status_codes: [ERROR] } }
                      - { name: slow, type: latency, latency: { threshold_ms: 5000 } }
                %s      - { name: tenth, type: probabilistic, probabilistic: { sampling_percentage: 10 } }
                  batch: { send_batch_size: 1200, timeout: 200ms }
                exporters: { otlp_grpc: { endpoint: "127.0.0.1:%d", compression: none, tls: { insecure: true } } }
                service:
                  extensions: [health_check]
                  telemetry: { metrics: { level: none }, logs: { level: error } }
                  pipelines: { traces: { receivers: [otlp], processors: [tail_sampling, batch], exporters: [otlp_grpc] } }
                """.formatted(port, WAIT_SECONDS, extra, sinkPort), Map.of("grpc", port));
    }

    /** Keys that the spans have, with values that none of them has. */
    private static final List<String> KEYS = List.of(
            "http.request.method",
            "url.scheme",
            "url.path",
            "server.address",
            "network.peer.address",
            "user_agent.original",
            "http.route",
            "network.protocol.version",
            "service.name");

    private static int spans(byte[] request) {
        TraceView view = new TraceView().reset(request);
        int spans = 0;
        while (view.next()) {
            spans++;
        }
        return spans;
    }
}
