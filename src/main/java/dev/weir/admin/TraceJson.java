package dev.weir.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.weir.otlp.OtlpFormatException;
import dev.weir.otlp.ProtobufToJson;
import dev.weir.otlp.RequestType;
import java.io.IOException;
import java.io.OutputStream;

/** A trace as OTLP JSON. */
final class TraceJson {

    private static final JsonFactory JSON = new JsonFactory();

    private TraceJson() {}

    /** Writes {@code {"resourceSpans":[…]}}. */
    static void write(byte[] request, OutputStream out) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            ProtobufToJson.write(RequestType.TRACES, request, 0, request.length, json);
        } catch (OtlpFormatException e) {
            throw new IOException("a stored trace cannot be read", e);
        }
    }
}
