package dev.weir.export.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One found trace.
 *
 * @param traceId 32 lower-case hex digits
 * @param rootName name of the span without a parent; null while it has not come
 * @param rootService {@code service.name} of that span; null while it has not come or when it has none
 * @param start the earliest start of its spans
 * @param duration from there to the latest end
 * @param spanCount different spans; copies of the same span count once
 * @param errorCount of these, the spans with status error
 * @param services every {@code service.name}, sorted
 * @param truncated whether the trace is so large that only its first spans were read for all of this
 */
public record TraceSummary(
        String traceId,
        @Nullable String rootName,
        @Nullable String rootService,
        Instant start,
        Duration duration,
        int spanCount,
        int errorCount,
        List<String> services,
        boolean truncated) {

    public TraceSummary {
        services = List.copyOf(services);
    }
}
