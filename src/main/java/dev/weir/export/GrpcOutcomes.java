package dev.weir.export;

import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a gRPC status means for the request (OTLP specification, "OTLP/gRPC Response", failures). */
final class GrpcOutcomes {

    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    /** How grpc-go, grpc-java, C-core, tonic and the Collector say that a message is over their limit. */
    private static final List<String> TOO_LARGE = List.of(
            "larger than max",
            "exceeds maximum size",
            "exceeds the maximum",
            "message length too large",
            "message too large",
            "request too large",
            "over the limit");

    private static final Pattern PIPELINE = Pattern.compile("\\s*Channel Pipeline: \\[[^\\]]*\\]");

    /** What grpc-java's client says of an answer. */
    private static final Pattern ANSWER_TOO_LONG =
            Pattern.compile("gRPC message exceeds maximum size " + Answers.MAX_BYTES + ": (\\d+)");

    private static final int MOST_CAUSES = 16;

    private GrpcOutcomes() {}

    static Outcome of(Status status, Metadata trailers, byte[] response) {
        String label = status.getCode().name().toLowerCase(Locale.ROOT);
        String message = message(status);
        if (isOutOfMemory(status.getCause())) {
            return new Outcome.Retryable("memory", message, null);
        }
        @Nullable Duration after = Answers.retryDelay(trailers.get(DETAILS));
        return switch (status.getCode()) {
            case OK -> Answers.taken(response);
            case CANCELLED, DEADLINE_EXCEEDED, ABORTED, UNAVAILABLE, DATA_LOSS ->
                new Outcome.Retryable(label, message, after);
            case OUT_OF_RANGE ->
                saysTooLarge(message)
                        ? new Outcome.TooLarge(label, message)
                        : new Outcome.Retryable(label, message, after);
            case RESOURCE_EXHAUSTED -> {
                if (after != null) {
                    yield new Outcome.Retryable(label, message, after);
                }
                yield saysTooLarge(message)
                        ? new Outcome.TooLarge(label, message)
                        : new Outcome.Permanent(label, message);
            }
            default -> new Outcome.Permanent(label, message);
        };
    }

    /**
     * Whether it is our client that refuses the answer, of more than {@link Answers#MAX_BYTES}: the request was taken then. A
     * destination that is grpc-java too says the same of a request, with the request's length.
     */
    static boolean isAnswerTooLong(Status status, int requestLength) {
        if (status.getCode() != Status.Code.RESOURCE_EXHAUSTED || status.getDescription() == null) {
            return false;
        }
        Matcher ours = ANSWER_TOO_LONG.matcher(status.getDescription());
        return ours.matches() && !ours.group(1).equals(Integer.toString(requestLength));
    }

    /** Ours, when it was written: grpc-java says UNKNOWN then. */
    private static boolean isOutOfMemory(@Nullable Throwable cause) {
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++, cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                return true;
            }
        }
        return false;
    }

    private static boolean saysTooLarge(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        return TOO_LARGE.stream().anyMatch(lower::contains);
    }

    /** With the cause, which says what "io exception" was, and without what grpc-java says about its own pipeline. */
    private static String message(Status status) {
        String message = status.getDescription() == null
                ? ""
                : PIPELINE.matcher(status.getDescription()).replaceAll("");
        Throwable cause = status.getCause();
        if (cause == null || cause.getMessage() == null) {
            return message;
        }
        return message.isEmpty() ? cause.getMessage() : message + ": " + cause.getMessage();
    }
}
