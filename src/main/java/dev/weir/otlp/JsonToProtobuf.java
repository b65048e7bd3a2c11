package dev.weir.otlp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Turns an OTLP JSON request into the protobuf bytes of the same request, in one pass and without a tree.
 *
 * <p>The mapping is that of the OTLP specification, <i>JSON Protobuf Encoding</i>, read generously where senders differ:
 * names in lowerCamelCase or snake_case; enums as number or name; integers as number or string, {@code 1e2} and {@code
 * 1.0} included; doubles as number or string; base64 in either alphabet, padded or not; {@code null} is a default; unknown
 * fields are skipped; of a repeated key the last value counts (and sub-messages merge, as everywhere in protobuf).
 *
 * <p>Ids are hex of either case and any length. One that is no hex becomes empty, and a span with such a parent loses
 * its own trace id as well, so that a scan rejects that span and nothing else. Half a surrogate pair becomes U+FFFD.
 */
public final class JsonToProtobuf {

    /** Objects and arrays inside each other, unknown fields' included. */
    static final int MAX_JSON_NESTING = 100;

    /** Messages inside each other; the request itself is level 1. The same holds for protobuf requests. */
    static final int MAX_MESSAGE_NESTING = 32;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_JSON_NESTING)
                    .maxNumberLength(JsonScalars.LONGEST_NUMBER)
                    .maxNameLength(10_000)
                    .build())
            .streamWriteConstraints(StreamWriteConstraints.defaults())
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            // Interned names would let senders fill the JVM's table.
            .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
            .build();

    private static final ThreadLocal<JsonToProtobuf> OF_THREAD = ThreadLocal.withInitial(JsonToProtobuf::new);

    private final ProtobufBuffer out = new ProtobufBuffer();
    private final JsonPath path = new JsonPath(MAX_MESSAGE_NESTING);
    private final JsonValueWriter values = new JsonValueWriter(out);

    private JsonToProtobuf() {}

    /** As {@link #transcode(RequestType, byte[], int, int, int)}, with any size of result. */
    public static byte[] transcode(RequestType type, byte[] json, int offset, int length) throws OtlpFormatException {
        return transcode(type, json, offset, length, Integer.MAX_VALUE - 64);
    }

    /**
     * @param json UTF-8, one object
     * @param maxOutputBytes the longest result; small numbers grow to up to five times their text's length
     * @return exactly the bytes of the {@code Export…ServiceRequest}
     * @throws OtlpFormatException when the text is no such request, with the path of the fault; when the result would be
     *     over the limit, {@link OtlpFormatException#isTooLarge} is true. Nothing else is ever thrown for bad input.
     */
    public static byte[] transcode(RequestType type, byte[] json, int offset, int length, int maxOutputBytes)
            throws OtlpFormatException {
        JsonToProtobuf transcoder = OF_THREAD.get();
        try {
            return transcoder.run(type, json, offset, length, maxOutputBytes);
        } finally {
            transcoder.release();
        }
    }

    private byte[] run(RequestType type, byte[] json, int offset, int length, int maxOutputBytes)
            throws OtlpFormatException {
        checkEncoding(json, offset, length);
        out.reset(maxOutputBytes);
        path.clear();
        try (JsonParser parser = FACTORY.createParser(json, offset, length)) {
            values.begin(parser, json, offset, length);
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw path.fault(values.position(), "expected an object");
            }
            message(parser, JsonSchema.request(type), 1);
            if (parser.nextToken() != null) {
                throw path.fault(values.position(), "expected nothing after the request");
            }
            return out.take();
        } catch (JsonProcessingException e) {
            throw path.fault(e.getLocation() == null ? -1 : e.getLocation().getByteOffset(), problem(e));
        } catch (IOException e) {
            throw path.fault(-1, "unreadable JSON");
        }
    }

    private void message(JsonParser parser, JsonMessage message, int level) throws IOException, OtlpFormatException {
        if (level > MAX_MESSAGE_NESTING) {
            throw path.fault(values.position(), "messages nested over " + MAX_MESSAGE_NESTING + " deep");
        }
        long written = 0;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonField field = message.find(name);
            JsonToken token = parser.nextToken();
            if (field == null) {
                parser.skipChildren();
            } else if (token != JsonToken.VALUE_NULL) {
                path.enter(field);
                long bit = 1L << field.ordinal();
                if (field.isRepeated()) {
                    repeated(parser, field, token, level);
                } else if (field.kind() == JsonField.Kind.MESSAGE) {
                    nested(parser, field, token, level);
                } else {
                    // A default value says nothing, unless it takes back another one.
                    values.singular(field, token, !field.hasPresence() && (written & bit) == 0, path);
                }
                written |= bit;
                path.leave();
            }
        }
    }

    private void repeated(JsonParser parser, JsonField field, @Nullable JsonToken token, int level)
            throws IOException, OtlpFormatException {
        if (token != JsonToken.START_ARRAY) {
            throw path.fault(values.position(), "expected an array");
        }
        if (field.isPacked()) {
            values.packed(parser, field, path);
            return;
        }
        boolean messages = field.kind() == JsonField.Kind.MESSAGE;
        for (JsonToken element = parser.nextToken(); element != JsonToken.END_ARRAY; element = parser.nextToken()) {
            path.nextElement();
            if (element == JsonToken.VALUE_NULL) {
                values.empty(field.tag());
            } else if (messages) {
                nested(parser, field, element, level);
            } else {
                values.singular(field, element, false, path);
            }
        }
    }

    private void nested(JsonParser parser, JsonField field, @Nullable JsonToken token, int level)
            throws IOException, OtlpFormatException {
        if (token != JsonToken.START_OBJECT) {
            throw path.fault(values.position(), "expected an object");
        }
        JsonMessage message = field.message();
        out.varint(field.tag());
        int lengthBytes = message.expectedLengthBytes();
        int start = out.begin(lengthBytes);
        message(parser, message, level + 1);
        values.endMessage(message);
        out.end(start, lengthBytes);
    }

    /** Jackson would guess at other encodings, and take surrogates and overlong forms. */
    private static void checkEncoding(byte[] json, int offset, int length) throws OtlpFormatException {
        int fault = Utf8.firstFault(json, offset, offset + length);
        for (int i = offset; fault < 0 && i < offset + Math.min(4, length); i++) {
            fault = json[i] == 0 ? i : -1;
        }
        if (fault >= 0) {
            throw new OtlpFormatException(fault - offset, "JSON is not UTF-8");
        }
    }

    /** Jackson's own sentences, but for those that quote the sender. */
    private static String problem(JsonProcessingException e) {
        if (e instanceof StreamConstraintsException) {
            return "JSON over a limit: " + e.getOriginalMessage();
        }
        return e instanceof JsonEOFException ? "JSON ends too early" : "not valid JSON";
    }

    private void release() {
        out.release();
        values.release();
    }
}
