package dev.weir.it;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which traces there are, and of how many spans. Any thread. */
final class SpansByTrace {

    private static final int MOST_SHOWN = 5;

    private final Map<ByteString, Integer> spans = new ConcurrentHashMap<>();

    void add(byte[] request) {
        try {
            add(ExportTraceServiceRequest.parseFrom(request));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(e);
        }
    }

    void add(ExportTraceServiceRequest request) {
        request.getResourceSpansList()
                .forEach(resource -> resource.getScopeSpansList()
                        .forEach(scope ->
                                scope.getSpansList().forEach(span -> spans.merge(span.getTraceId(), 1, Integer::sum))));
    }

    Set<ByteString> traces() {
        return spans.keySet();
    }

    int spanCount() {
        return spans.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** These traces and no others. */
    SpansByTrace only(Set<ByteString> traces) {
        SpansByTrace some = new SpansByTrace();
        traces.forEach(trace -> some.spans.put(trace, spans.getOrDefault(trace, 0)));
        return some;
    }

    /** One sentence for each of the first traces that are not there alike; empty when all are. */
    List<String> difference(SpansByTrace other) {
        List<String> found = new ArrayList<>();
        spans.forEach((trace, n) -> note(found, trace, n, other.spans.getOrDefault(trace, 0)));
        other.spans.forEach((trace, n) -> {
            if (!spans.containsKey(trace)) {
                note(found, trace, 0, n);
            }
        });
        return found.size() <= MOST_SHOWN
                ? found
                : List.of(String.join("; ", found.subList(0, MOST_SHOWN)) + "; and of " + (found.size() - MOST_SHOWN)
                        + " others");
    }

    private static void note(List<String> found, ByteString trace, int here, int there) {
        if (here != there) {
            found.add("of %s here %d spans, there %d"
                    .formatted(HexFormat.of().formatHex(trace.toByteArray()), here, there));
        }
    }
}
