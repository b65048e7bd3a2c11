package dev.weir.receive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.weir.pipeline.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Bodies and status codes of HTTP answers (OTLP specification, "OTLP/HTTP Response"). */
final class HttpAnswers {

    static final String PROTOBUF = "application/x-protobuf";
    static final String JSON = "application/json";

    private static final JsonFactory FACTORY = new JsonFactory();

    private HttpAnswers() {}

    static int httpStatus(Refusal.Reason reason) {
        return switch (reason) {
            case MEMORY, QUEUE_FULL -> 429;
            case DRAINING, TIMEOUT -> 503;
            case INVALID -> 400;
            case TOO_LARGE -> 413;
        };
    }

    /** The gRPC code nearest to an HTTP status of ours. */
    static Code code(int httpStatus) {
        return switch (httpStatus) {
            case 404 -> Code.NOT_FOUND;
            case 405 -> Code.UNIMPLEMENTED;
            default -> Code.INVALID_ARGUMENT;
        };
    }

    static byte[] body(Status status, boolean json) {
        return json ? json(status) : status.toByteArray();
    }

    static byte[] success(int rejected, String message, String rejectedField, boolean json) {
        if (!json) {
            return PartialSuccess.protobuf(rejected, message);
        }
        return write(out -> {
            out.writeStartObject();
            if (rejected > 0 || !message.isEmpty()) {
                out.writeObjectFieldStart("partialSuccess");
                out.writeStringField(rejectedField, Integer.toString(rejected));
                out.writeStringField("errorMessage", message);
                out.writeEndObject();
            }
            out.writeEndObject();
        });
    }

    private static byte[] json(Status status) {
        return write(out -> {
            out.writeStartObject();
            out.writeNumberField("code", status.getCode());
            out.writeStringField("message", status.getMessage());
            if (status.getDetailsCount() > 0) {
                out.writeArrayFieldStart("details");
                for (Any detail : status.getDetailsList()) {
                    detail(out, detail);
                }
                out.writeEndArray();
            }
            out.writeEndObject();
        });
    }

    private static void detail(JsonGenerator out, Any detail) throws IOException {
        out.writeStartObject();
        out.writeStringField("@type", detail.getTypeUrl());
        if (detail.is(RetryInfo.class)) {
            com.google.protobuf.Duration delay = unpack(detail, RetryInfo.class).getRetryDelay();
            out.writeStringField("retryDelay", delay.getSeconds() + "." + "%09d".formatted(delay.getNanos()) + "s");
        } else if (detail.is(BadRequest.class)) {
            out.writeArrayFieldStart("fieldViolations");
            for (BadRequest.FieldViolation violation :
                    unpack(detail, BadRequest.class).getFieldViolationsList()) {
                out.writeStartObject();
                out.writeStringField("description", violation.getDescription());
                out.writeEndObject();
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }

    private static <T extends com.google.protobuf.Message> T unpack(Any any, Class<T> type)
            throws InvalidProtocolBufferException {
        return any.unpack(type);
    }

    private static byte[] write(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
            body.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private interface Body {
        void write(JsonGenerator out) throws IOException;
    }
}
