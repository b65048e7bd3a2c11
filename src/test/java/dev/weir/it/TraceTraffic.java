package dev.weir.it;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests of traces of ten spans of 410 bytes, every one new. Whole: a trace's spans stand together in one request.
 * Scattered: ten requests of ten services hold a span each of the same traces, the root in the first.
 *
 * <p>A template is copied and the ids are written into it: making a span costs some 30 ns.
 */
final class TraceTraffic {

    static final int SPANS_A_TRACE = 10;

    private static final long MARK = 0x7EAC_E1D0_0F5E_ED01L;

    private final int spansPerRequest;
    private final boolean scattered;
    private final List<byte[]> templates = new ArrayList<>();
    private final List<int[]> traceIdsAt = new ArrayList<>();
    private final long seed;
    private long requests;

    /** @param seed other seeds give other traces */
    TraceTraffic(int spansPerRequest, boolean scattered, long seed) {
        this.spansPerRequest = spansPerRequest;
        this.scattered = scattered;
        this.seed = seed;
        for (int service = 0; service < (scattered ? SPANS_A_TRACE : 1); service++) {
            addTemplate(service);
        }
    }

    int spansPerRequest() {
        return spansPerRequest;
    }

    /** The next request; scattered traces are complete after every tenth. */
    byte[] next() {
        long request = requests++;
        int which = scattered ? (int) (request % SPANS_A_TRACE) : 0;
        byte[] bytes = templates.get(which).clone();
        int[] at = traceIdsAt.get(which);
        ByteBuffer ids = ByteBuffer.wrap(bytes);
        for (int i = 0; i < at.length; i++) {
            long trace = scattered
                    ? request / SPANS_A_TRACE * spansPerRequest + i
                    : (request * spansPerRequest + i) / SPANS_A_TRACE;
            ids.putLong(at[i], mix(seed + trace));
            ids.putLong(at[i] + 8, mix(~(seed + trace)));
        }
        return bytes;
    }

    private static long mix(long x) {
        long z = (x + 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    private void addTemplate(int service) {
        ExportTraceServiceRequest.Builder request = Samples.spans("service-" + service, spansPerRequest).toBuilder();
        List<Span.Builder> spans =
                request.getResourceSpansBuilder(0).getScopeSpansBuilder(0).getSpansBuilderList();
        for (int i = 0; i < spans.size(); i++) {
            spans.get(i)
                    .setTraceId(ByteString.copyFrom(
                            ByteBuffer.allocate(16).putLong(MARK).putLong(i).flip()));
            if (scattered ? service == 0 : i % SPANS_A_TRACE == 0) {
                spans.get(i).clearParentSpanId();
            }
        }
        byte[] bytes = request.build().toByteArray();
        int[] at = new int[spansPerRequest];
        ByteBuffer search = ByteBuffer.wrap(bytes);
        for (int p = 0; p + 16 <= bytes.length; p++) {
            if (search.getLong(p) == MARK) {
                at[(int) search.getLong(p + 8)] = p;
            }
        }
        templates.add(bytes);
        traceIdsAt.add(at);
    }
}
