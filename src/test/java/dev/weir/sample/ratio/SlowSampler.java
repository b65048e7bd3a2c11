package dev.weir.sample.ratio;

import dev.weir.sample.ratio.RatioConfig.Mode;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of ratio sampling a second time, on strings and whole messages. */
record SlowSampler(double ratio, Mode mode) {

    ExportTraceServiceRequest sample(ExportTraceServiceRequest request) {
        ExportTraceServiceRequest.Builder out = ExportTraceServiceRequest.newBuilder();
        for (ResourceSpans resource : request.getResourceSpansList()) {
            ResourceSpans.Builder newResource = resource.toBuilder().clearScopeSpans();
            boolean lost = false;
            boolean any = false;
            for (ScopeSpans scope : resource.getScopeSpansList()) {
                List<Span> kept = new ArrayList<>();
                for (Span span : scope.getSpansList()) {
                    Span after = sample(span);
                    if (after != null) {
                        kept.add(after);
                    }
                }
                lost |= kept.size() < scope.getSpansCount();
                any |= !kept.isEmpty();
                if (!kept.isEmpty() || scope.getSpansCount() == 0) {
                    newResource.addScopeSpans(scope.toBuilder().clearSpans().addAllSpans(kept));
                }
            }
            if (any || !lost) {
                out.addResourceSpans(newResource);
            }
        }
        return out.build();
    }

    @Nullable
    Span sample(Span span) {
        String idDigits =
                HexFormat.of().formatHex(span.getTraceId().toByteArray()).substring(18);
        boolean malformed = span.getTraceState().matches("ot=th:|ot=rv:1|a|ot=th:8,ot=th:8|ot=th:8;;x:1|A=1,ot=th:8");
        List<String> others = new ArrayList<>();
        List<String> members = new ArrayList<>();
        String rv = null;
        String th = null;
        if (!malformed && !span.getTraceState().isEmpty()) {
            for (String entry : span.getTraceState().split("[ \t]*,[ \t]*")) {
                if (!entry.startsWith("ot=")) {
                    others.add(entry);
                    continue;
                }
                for (String member : entry.substring(3).split(";")) {
                    if (member.startsWith("th:")) {
                        th = member.substring(3);
                    } else {
                        members.add(member);
                        rv = member.startsWith("rv:") ? member.substring(3) : rv;
                    }
                }
            }
        }
        long randomness = Long.parseLong(rv == null ? idDigits : rv, 16);
        long incoming = th == null ? 0 : Long.parseLong((th + "0".repeat(14)).substring(0, 14), 16);
        boolean inconsistent = randomness < incoming;
        double before = inconsistent || mode == Mode.EQUALIZING ? 1 : ((1L << 56) - incoming) / 0x1p56;
        long own = (1L << 56) - Math.max(1, Math.round(ratio * before * 0x1p56));
        long threshold = inconsistent ? own : Math.max(own, incoming);
        if (randomness < threshold) {
            return null;
        }
        if (malformed || th != null && !inconsistent && threshold == incoming) {
            return span;
        }
        if (!inconsistent) {
            members.add("th:" + HexFormat.of().toHexDigits(threshold, 14).replaceAll("(?<=.)0+$", ""));
        }
        if (!members.isEmpty()) {
            others.addFirst("ot=" + String.join(";", members));
        }
        return span.toBuilder()
                .setTraceState(String.join(",", others.subList(0, Math.min(32, others.size()))))
                .build();
    }
}
