package dev.weir.it;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Traces that differ in what policies look at, each difference in a few of a hundred and independent of the others: status,
 * how long it took (bounds included), attributes of each type, wrong types among them, a service that is seldom seen, and 3
 * to 17 spans. The spans of 1,000 traces are mixed and scattered over requests of several services. 10 spans a trace on
 * average, exactly so in each round.
 */
final class MixedTraffic {

    static final int TRACES_A_ROUND = 1000;
    static final int SPANS_A_ROUND = 10 * TRACES_A_ROUND;

    private static final int SPANS_A_REQUEST = 500;
    private static final List<String> SERVICES = List.of("front", "cart", "stock", "payment", "mail");
    private static final long MILLI = 1_000_000;
    /** Around a bound of 300 ms, of which the Collector looks at whole milliseconds. */
    private static final long[] LATENCIES = {
        299 * MILLI, 300 * MILLI, 301 * MILLI - 1, 301 * MILLI, 301 * MILLI + 1, 1500 * MILLI
    };

    private static final int[] STATUS_CODES = {404, 499, 500, 503, 599, 600};

    private final Random random;

    /** @param seed the same traffic for the same seed, but for the present as its time */
    MixedTraffic(long seed) {
        random = new Random(seed);
    }

    /** All spans of the next traces. */
    List<ExportTraceServiceRequest> round() {
        List<Map.Entry<String, Span>> spans = new ArrayList<>(SPANS_A_ROUND);
        for (int i = 0; i < TRACES_A_ROUND; i += 2) {
            int more = random.nextInt(4) == 0 ? random.nextInt(8) : random.nextInt(4);
            trace(10 + more, spans);
            trace(10 - more, spans);
        }
        Collections.shuffle(spans, random);
        List<ExportTraceServiceRequest> requests = new ArrayList<>();
        for (int i = 0; i < spans.size(); i += SPANS_A_REQUEST) {
            requests.add(request(spans.subList(i, i + SPANS_A_REQUEST)));
        }
        return requests;
    }

    private void trace(int count, List<Map.Entry<String, Span>> spans) {
        ByteString id = bytes(16);
        long took = oneIn(16) ? LATENCIES[random.nextInt(LATENCIES.length)] : (1 + random.nextInt(250)) * MILLI;
        long start = System.currentTimeMillis() * MILLI - took;
        String service = oneIn(12) ? "legacy" : SERVICES.get(random.nextInt(SERVICES.size()));
        List<Span.Builder> trace = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long from = i == 0 ? start : start + random.nextLong(took);
            trace.add(Span.newBuilder()
                    .setTraceId(id)
                    .setSpanId(bytes(8))
                    .setParentSpanId(
                            i == 0 ? ByteString.EMPTY : trace.getFirst().getSpanId())
                    .setName("GET /items/" + i)
                    .setStartTimeUnixNano(from)
                    .setEndTimeUnixNano(i == 0 ? start + took : from + random.nextLong(start + took - from))
                    .addAttributes(Samples.attribute("http.route", "/items/{id}"))
                    .setStatus(Status.newBuilder()
                            .setCode(
                                    oneIn(20)
                                            ? Status.StatusCode.STATUS_CODE_OK
                                            : Status.StatusCode.STATUS_CODE_UNSET)));
        }
        distinguish(trace);
        for (int i = 0; i < count; i++) {
            String of = i == 0 ? service : SERVICES.get(random.nextInt(SERVICES.size()));
            spans.add(Map.entry(of, trace.get(i).build()));
        }
    }

    private void distinguish(List<Span.Builder> trace) {
        if (oneIn(30)) {
            any(trace).setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR));
        }
        if (oneIn(15)) {
            any(trace).addAttributes(text("payment.kind", "card", "voucher", "cash", "Card", "car", ""));
        }
        if (oneIn(60)) {
            any(trace).addAttributes(whole("payment.kind", 7));
        }
        if (oneIn(15)) {
            any(trace).addAttributes(truth("app.debug", random.nextBoolean()));
        }
        if (oneIn(60)) {
            any(trace).addAttributes(text("app.debug", "true"));
        }
        if (oneIn(15)) {
            any(trace)
                    .addAttributes(
                            whole("http.response.status_code", STATUS_CODES[random.nextInt(STATUS_CODES.length)]));
        }
        if (oneIn(60)) {
            any(trace).addAttributes(text("http.response.status_code", "503"));
        }
        if (oneIn(15)) {
            any(trace).addAttributes(text("plan", "gold", "silver"));
        }
        if (oneIn(20)) {
            any(trace).addAttributes(text("url.path", "/health", "/healthy"));
        }
        if (oneIn(15)) {
            any(trace).addAttributes(text("tenant", "test"));
        }
    }

    private ExportTraceServiceRequest request(List<Map.Entry<String, Span>> spans) {
        Map<String, ScopeSpans.Builder> services = new LinkedHashMap<>();
        spans.forEach(span -> services.computeIfAbsent(span.getKey(), s -> ScopeSpans.newBuilder())
                .addSpans(span.getValue()));
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        services.forEach((service, scope) -> request.addResourceSpans(ResourceSpans.newBuilder()
                .setResource(Resource.newBuilder().addAttributes(Samples.attribute("service.name", service)))
                .addScopeSpans(scope)));
        return request.build();
    }

    private Span.Builder any(List<Span.Builder> trace) {
        return trace.get(random.nextInt(trace.size()));
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private ByteString bytes(int count) {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            bytes.putLong(random.nextLong());
        }
        return ByteString.copyFrom(bytes.flip());
    }

    private KeyValue text(String key, String... values) {
        return Samples.attribute(key, values[random.nextInt(values.length)]);
    }

    private static KeyValue whole(String key, long value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setIntValue(value))
                .build();
    }

    private static KeyValue truth(String key, boolean value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setBoolValue(value))
                .build();
    }
}
