package dev.weir.it;

import com.google.protobuf.ByteString;
import dev.weir.otlp.TraceView;
import io.grpc.Server;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends 20,000 spans a second, open loop, through the package with {@code memory.limit: 192MiB} to a sink that counts, and
 * prints what became of them and of the resident memory. Started by {@code load-tests/soak}; ends with 1 when a span was
 * refused or lost, or when {@link #isSteady} says no of the memory.
 */
final class Soak {

    private static final int SPANS_PER_SECOND = 20_000;
    /**
     * At a quarter of the rate, and not counted: a JVM that has just started has not compiled its code, and refuses some of
     * 18 MB/s in its first seconds.
     */
    private static final int WARM_UP_SECONDS = 20;

    private static final int LIMIT_MEBIBYTES = 192;

    private final LongAdder arrived = new LongAdder();
    private long trace = System.nanoTime();

    private final boolean envoy;
    private final int spansPerRequest;
    private final int connections;

    private Soak(boolean envoy, int spansPerRequest, int connections) {
        this.envoy = envoy;
        this.spansPerRequest = spansPerRequest;
        this.connections = connections;
    }

    /**
     * Arguments: seconds, and {@code sdk} (100 spans a request, 410 bytes, 2 connections) or {@code envoy} (5, 900, 8: with
     * Envoy's tags and the sidecar's header, so that all is done to them that is done to a mesh's).
     */
    public static void main(String[] arguments) throws Exception {
        int seconds = Integer.parseInt(arguments[0]);
        boolean envoy = arguments[1].equals("envoy");
        boolean clean = envoy ? new Soak(true, 5, 8).run(seconds) : new Soak(false, 100, 2).run(seconds);
        System.exit(clean ? 0 : 1);
    }

    private boolean run(int seconds) throws IOException {
        Path directory = Files.createTempDirectory("weir-soak");
        Server sink = RawOtlp.sink(request -> arrived.add(spans(request)));
        try (WeirProcess weir = WeirProcess.start(
                directory,
                """
                        memory: { limit: %dMiB }
                        export:
                          sink: { protocol: grpc, endpoint: "http://127.0.0.1:%d" }
                        %s""".formatted(LIMIT_MEBIBYTES, sink.getPort(), envoy ? EnvoyTraffic.MESH : ""),
                Map.of("MALLOC_ARENA_MAX", "2"),
                WeirProcess.jvmOptionsFor(LIMIT_MEBIBYTES))) {
            try (RawOtlp.Client client = client(weir)) {
                load(weir, client, WARM_UP_SECONDS, SPANS_PER_SECOND / 4);
                weir.awaitBalancedLedger();
            }
            arrived.reset();
            try (RawOtlp.Client client = client(weir)) {
                List<Long> resident = load(weir, client, seconds, SPANS_PER_SECOND);
                weir.awaitBalancedLedger();
                return report(client, seconds, resident, weir.process().peakResidentBytes());
            }
        } finally {
            sink.shutdownNow();
        }
    }

    private RawOtlp.Client client(WeirProcess weir) {
        Map<String, String> headers =
                envoy ? Map.of(EnvoyTraffic.HEADER, EnvoyTraffic.HEADER_VALUE) : Map.<String, String>of();
        return new RawOtlp.Client(weir.grpcPort(), connections, headers);
    }

    /** Resident bytes, once a second. */
    private List<Long> load(WeirProcess weir, RawOtlp.Client client, int seconds, int rate) {
        byte[] template = template();
        long pause = 1_000_000_000L * spansPerRequest / rate;
        long start = System.nanoTime();
        List<Long> resident = new ArrayList<>();
        long requests = seconds * 1_000_000_000L / pause;
        for (long i = 0; i < requests; i++) {
            long due = start + i * pause;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            client.send(withNewTrace(template), spansPerRequest);
            if (due - start >= resident.size() * 1_000_000_000L) {
                resident.add(weir.process().residentBytes());
            }
        }
        return resident;
    }

    private boolean report(RawOtlp.Client client, int seconds, List<Long> resident, long peak) {
        long sent = client.answered() + client.refused();
        int half = resident.size() / 2;
        System.out.printf("%-32s %,d%n", "seconds", seconds);
        System.out.printf("%-32s %,d%n", "spans a request", spansPerRequest);
        System.out.printf("%-32s %,d (%,d/s)%n", "spans answered for or refused", sent, sent / Math.max(1, seconds));
        System.out.printf("%-32s %,d%n", "refused", client.refused());
        if (client.refused() > 0) {
            System.out.printf("%-32s %s%n", "last refusal", client.lastRefusal());
        }
        System.out.printf("%-32s %,d%n", "arrived", arrived.sum());
        long first = median(resident.subList(0, half));
        long second = median(resident.subList(half, resident.size()));
        System.out.printf("%-32s %d%n", "resident MiB, median", median(resident));
        System.out.printf("%-32s %d%n", "resident MiB, median 1st half", first);
        System.out.printf("%-32s %d%n", "resident MiB, median 2nd half", second);
        System.out.printf("%-32s %d%n", "resident MiB, peak", peak >> 20);
        boolean steady = isSteady(first, second, median(resident));
        System.out.printf("%-32s %s%n", "memory steady, within the limit", steady ? "yes" : "no");
        return client.refused() == 0 && arrived.sum() == client.answered() && steady;
    }

    /** Medians in MiB: of the second half no more than a tenth over the first's, and of all within the limit. */
    static boolean isSteady(long first, long second, long all) {
        return second * 10 <= first * 11 && all <= LIMIT_MEBIBYTES;
    }

    private static int spans(byte[] request) {
        TraceView view = new TraceView().reset(request);
        int spans = 0;
        while (view.next()) {
            spans++;
        }
        return spans;
    }

    private byte[] template() {
        ExportTraceServiceRequest.Builder request =
                (envoy ? EnvoyTraffic.request(spansPerRequest) : Samples.spans("soak", spansPerRequest)).toBuilder();
        ByteString oneTrace = ByteString.copyFrom(MARK);
        request.getResourceSpansBuilder(0)
                .getScopeSpansBuilder(0)
                .getSpansBuilderList()
                .forEach(span -> span.setTraceId(oneTrace));
        return request.build().toByteArray();
    }

    private byte[] withNewTrace(byte[] template) {
        byte[] request = template.clone();
        byte[] id = ByteBuffer.allocate(16)
                .putLong(++trace * 0x9E3779B97F4A7C15L)
                .putLong(trace)
                .array();
        for (int at : marks(template)) {
            System.arraycopy(id, 0, request, at, id.length);
        }
        return request;
    }

    /** Where the trace ids lie; the template does not change. */
    private List<Integer> marks(byte[] template) {
        if (marks.isEmpty()) {
            for (int i = 0; i + MARK.length <= template.length; i++) {
                if (ByteBuffer.wrap(template, i, MARK.length).equals(ByteBuffer.wrap(MARK))) {
                    marks.add(i);
                }
            }
        }
        return marks;
    }

    private static long median(List<Long> bytes) {
        return bytes.isEmpty() ? 0 : bytes.stream().sorted().toList().get(bytes.size() / 2) >> 20;
    }

    private final List<Integer> marks = new ArrayList<>();
    private static final byte[] MARK = ByteBuffer.allocate(16)
            .putLong(0x7EAC_E1D0_0F_5EED_01L)
            .putLong(0x0102_0304_0506_0708L)
            .array();
}
