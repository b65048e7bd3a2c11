package dev.weir.receive;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.weir.pipeline.Refusal;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;

/**
 * Refusals as {@code google.rpc.Status}, as OTLP wants it of both doors. What packs details finds the methods of their
 * classes by name, in a native executable only those that are registered.
 */
@RegisterForReflection(
        targets = {
            BadRequest.class,
            BadRequest.Builder.class,
            BadRequest.FieldViolation.class,
            BadRequest.FieldViolation.Builder.class,
            RetryInfo.class,
            RetryInfo.Builder.class,
            Status.class,
            Status.Builder.class
        })
final class Answers {

    private Answers() {}

    static Status status(Refusal refusal) {
        Status.Builder status = status(code(refusal.reason()), refusal.message());
        if (refusal.isRetryable()) {
            status.addDetails(Any.pack(RetryInfo.newBuilder()
                    .setRetryDelay(delay(refusal.retryAfter()))
                    .build()));
        } else if (refusal.reason() == Refusal.Reason.INVALID) {
            status.addDetails(Any.pack(BadRequest.newBuilder()
                    .addFieldViolations(
                            BadRequest.FieldViolation.newBuilder().setDescription(bounded(refusal.message())))
                    .build()));
        }
        return status.build();
    }

    static Status.Builder status(Code code, String message) {
        return Status.newBuilder().setCode(code.getNumber()).setMessage(bounded(message));
    }

    static Code code(Refusal.Reason reason) {
        return switch (reason) {
            case MEMORY, QUEUE_FULL, DRAINING, TIMEOUT -> Code.UNAVAILABLE;
            case INVALID -> Code.INVALID_ARGUMENT;
            case TOO_LARGE -> Code.RESOURCE_EXHAUSTED;
        };
    }

    /** gRPC's clients take a status of 8 KiB by default, and it holds the message three times. */
    static String bounded(String message) {
        if (message.length() <= PartialSuccess.MAX_MESSAGE) {
            return message;
        }
        boolean splitsPair = Character.isHighSurrogate(message.charAt(PartialSuccess.MAX_MESSAGE - 1));
        return message.substring(0, PartialSuccess.MAX_MESSAGE - (splitsPair ? 1 : 0));
    }

    private static com.google.protobuf.Duration delay(Duration delay) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(delay.getSeconds())
                .setNanos(delay.getNano())
                .build();
    }
}
