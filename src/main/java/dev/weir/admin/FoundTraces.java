package dev.weir.admin;

import dev.weir.export.store.TraceSummary;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a search.
 *
 * @param traces newest start first
 */
record FoundTraces(List<FoundTrace> traces) {

    FoundTraces {
        traces = List.copyOf(traces);
    }

    static FoundTraces of(List<TraceSummary> summaries) {
        return new FoundTraces(summaries.stream().map(FoundTrace::of).toList());
    }

    /**
     * @param traceId 32 lower-case hex digits
     * @param rootName name of the span without a parent; null while it has not come
     * @param rootService its service
     * @param start the earliest start
     * @param durationMs from there to the latest end, in milliseconds
     * @param spanCount different spans
     * @param errorCount of these, the ones with status error
     * @param services every service that took part, sorted
     * @param truncated whether the trace is so large that only its first spans were read for all of this
     */
    record FoundTrace(
            String traceId,
            @Nullable String rootName,
            @Nullable String rootService,
            Instant start,
            double durationMs,
            int spanCount,
            int errorCount,
            List<String> services,
            boolean truncated) {

        FoundTrace {
            services = List.copyOf(services);
        }

        static FoundTrace of(TraceSummary summary) {
            return new FoundTrace(
                    summary.traceId(),
                    summary.rootName(),
                    summary.rootService(),
                    summary.start(),
                    summary.duration().toNanos() / 1e6,
                    summary.spanCount(),
                    summary.errorCount(),
                    summary.services(),
                    summary.truncated());
        }
    }
}
