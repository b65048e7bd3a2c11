package dev.weir.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an HTTP answer means for the request (OTLP specification, "OTLP/HTTP Response", failures). */
final class HttpOutcomes {

    private static final Set<Integer> RETRYABLE = Set.of(429, 502, 503, 504);
    /** Codes that have a label of their own; others share one for their hundred, so that the set is bounded. */
    private static final Set<Integer> KNOWN = Set.of(
            301, 302, 307, 308, 400, 401, 403, 404, 405, 406, 408, 411, 413, 415, 422, 429, 500, 501, 502, 503, 504);

    private HttpOutcomes() {}

    static Outcome of(
            int code, @Nullable String contentType, @Nullable String retryAfter, byte[] body, InstantSource clock) {
        boolean protobuf =
                contentType != null && contentType.toLowerCase(Locale.ROOT).startsWith("application/x-protobuf");
        if (code >= 200 && code < 300) {
            return protobuf ? Answers.taken(body) : new Outcome.Taken(0, "");
        }
        String label = "http_" + (KNOWN.contains(code) ? Integer.toString(code) : Math.clamp(code / 100, 1, 9) + "xx");
        String message = protobuf ? Answers.statusMessage(body) : new String(body, UTF_8).strip();
        if (code == 413) {
            return new Outcome.TooLarge(label, message);
        }
        if (RETRYABLE.contains(code)) {
            @Nullable Duration after = Answers.retryAfter(retryAfter, clock);
            return new Outcome.Retryable(label, message, after);
        }
        return new Outcome.Permanent(label, message);
    }
}
