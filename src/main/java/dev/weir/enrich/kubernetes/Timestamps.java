package dev.weir.enrich.kubernetes;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Times as the Kubernetes API writes them: RFC 3339, cut to the second. */
final class Timestamps {

    private Timestamps() {}

    /** Null when the text is none. */
    static @Nullable Instant parse(String text) {
        try {
            return text.isEmpty() ? null : Instant.parse(text);
        } catch (DateTimeParseException none) {
            return null;
        }
    }
}
