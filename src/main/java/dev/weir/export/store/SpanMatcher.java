package dev.weir.export.store;

import dev.weir.otlp.AttributeView;
import dev.weir.otlp.TraceView;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a span is what a query looks for, read from the span's bytes. For one thread. */
final class SpanMatcher {

    private static final byte[] SERVICE_NAME = "service.name".getBytes(StandardCharsets.UTF_8);

    private final byte @Nullable [] service;
    private final byte @Nullable [] name;
    private final int status;
    private final List<Pair> wanted;
    private final AttributeView attributes = new AttributeView();
    private final AttributeText text = new AttributeText();

    SpanMatcher(Query query) {
        service = query.service() == null ? null : utf8(query.service());
        name = query.name() == null ? null : utf8(query.name());
        status = query.status() == null ? -1 : query.status().ordinal();
        wanted = query.attributes().stream()
                .map(a -> new Pair(utf8(a.key()), utf8(a.value())))
                .toList();
    }

    boolean matchesAny(byte[] request) {
        TraceView view = new TraceView().reset(request);
        while (view.next()) {
            if (matches(view)) {
                return true;
            }
        }
        return false;
    }

    private boolean matches(TraceView span) {
        byte[] bytes = span.bytes();
        if (status >= 0 && span.span().statusCode() != status) {
            return false;
        }
        if (name != null
                && !Arrays.equals(bytes, span.span().nameStart(), span.span().nameEnd(), name, 0, name.length)) {
            return false;
        }
        if (service != null && !isOf(service, span)) {
            return false;
        }
        for (Pair pair : wanted) {
            if (!has(bytes, span.spanStart(), span.spanEnd(), AttributeView.OF_SPAN, pair)
                    && !resourceHas(span, pair)) {
                return false;
            }
        }
        return true;
    }

    /** As {@link Head#service}: the last counts. */
    private boolean isOf(byte[] name, TraceView span) {
        boolean last = false;
        attributes.reset(span.bytes(), span.resourceStart(), span.resourceEnd(), AttributeView.OF_RESOURCE);
        while (attributes.next()) {
            if (attributes.keyEquals(SERVICE_NAME) && text.read(span.bytes(), attributes)) {
                last = equals(text, name);
            }
        }
        return last;
    }

    private boolean resourceHas(TraceView span, Pair pair) {
        return has(span.bytes(), span.resourceStart(), span.resourceEnd(), AttributeView.OF_RESOURCE, pair);
    }

    private boolean has(byte[] bytes, int from, int to, int field, Pair pair) {
        attributes.reset(bytes, from, to, field);
        while (attributes.next()) {
            if (attributes.keyEquals(pair.key) && text.read(bytes, attributes) && equals(text, pair.value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean equals(AttributeText text, byte[] value) {
        return Arrays.equals(text.bytes(), text.from(), text.to(), value, 0, value.length);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    private record Pair(byte[] key, byte[] value) {}
}
