package dev.weir.export.store;

import dev.weir.otlp.AttributeView;
import dev.weir.otlp.TraceView;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads a trace's summary from its spans. */
final class Summarizer {

    private static final byte[] SERVICE_NAME = "service.name".getBytes(StandardCharsets.UTF_8);

    private Summarizer() {}

    static TraceSummary summarize(TraceSnapshot trace, byte[] request) {
        TraceView view = new TraceView().reset(request);
        Extent extent = new Extent();
        TreeSet<String> services = new TreeSet<>();
        String rootName = null;
        String rootService = null;
        int spans = 0;
        int errors = 0;
        while (view.next()) {
            spans++;
            if (view.span().statusCode() == Query.Status.ERROR.ordinal()) {
                errors++;
            }
            extent.add(view.span().startNanos(), view.span().endNanos());
            String service = service(view);
            if (service != null) {
                services.add(service);
            }
            if (rootName == null && view.span().parentSpanId() == 0) {
                rootName = view.name();
                rootService = service;
            }
        }
        return new TraceSummary(
                trace.id().toString(),
                rootName,
                rootService,
                Instant.ofEpochSecond(0, extent.startNanos()),
                Duration.ofNanos(extent.durationNanos()),
                spans,
                errors,
                List.copyOf(services),
                trace.truncated());
    }

    /** As {@link Head#service}. */
    private static @Nullable String service(TraceView view) {
        AttributeView attributes = new AttributeView()
                .reset(view.bytes(), view.resourceStart(), view.resourceEnd(), AttributeView.OF_RESOURCE);
        AttributeText text = new AttributeText();
        String last = null;
        while (attributes.next()) {
            if (attributes.keyEquals(SERVICE_NAME) && text.read(view.bytes(), attributes)) {
                last = text.string();
            }
        }
        return last;
    }
}
