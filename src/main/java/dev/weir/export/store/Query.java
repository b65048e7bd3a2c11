package dev.weir.export.store;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to look for. A trace matches when one of its spans has the service, the name, the status and all attributes
 * together, and the trace as a whole lasts at least {@code minDuration}. What is null or empty matches everything.
 *
 * @param service {@code service.name} of the span's resource
 * @param name the span's name
 * @param minDuration from the earliest start to the latest end of the trace's spans
 * @param status the span's status
 * @param attributes attributes of the span or of its resource
 * @param limit the most traces to return, 1 to {@value #MAX_LIMIT}
 */
public record Query(
        @Nullable String service,
        @Nullable String name,
        @Nullable Duration minDuration,
        @Nullable Status status,
        List<Attribute> attributes,
        int limit) {

    public static final int DEFAULT_LIMIT = 20;
    public static final int MAX_LIMIT = 1000;

    public Query {
        attributes = List.copyOf(attributes);
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be from 1 to " + MAX_LIMIT + ", was " + limit);
        }
        if (minDuration != null && minDuration.isNegative()) {
            throw new IllegalArgumentException("minDuration must not be negative, was " + minDuration);
        }
    }

    /** The newest traces, whatever they are. */
    public static Query all() {
        return new Query(null, null, null, null, List.of(), DEFAULT_LIMIT);
    }

    /**
     * @param key the attribute's key
     * @param value its value as text: a string as it is, a boolean or number as Java prints it
     */
    public record Attribute(String key, String value) {}

    /** Status codes of a span; {@link #ordinal()} is the code in OTLP. */
    public enum Status {
        UNSET,
        OK,
        ERROR
    }
}
