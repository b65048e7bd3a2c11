package dev.weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random requests come back equal after a way through JSON, written by Weir and by protobuf's own library. */
class JsonToProtobufInteropTest {

    private static final int REQUESTS = 60;

    @ParameterizedTest
    @EnumSource
    void ownJsonComesBackEqual(RequestType type) throws Exception {
        RandomRequests requests = new RandomRequests(type.ordinal());
        for (int i = 0; i < REQUESTS; i++) {
            Message sent = requests.next(type);

            byte[] json = json(type, sent.toByteArray());

            assertThat(transcoded(type, json)).isEqualTo(sent);
        }
    }

    @ParameterizedTest
    @EnumSource
    void protobufLibrarysJsonComesBackEqual(RequestType type) throws Exception {
        RandomRequests requests = new RandomRequests(type.ordinal() + 10);
        JsonFormat.Printer camel = JsonFormat.printer().printingEnumsAsInts();
        JsonFormat.Printer snakeWithNames = JsonFormat.printer().preservingProtoFieldNames();
        for (int i = 0; i < REQUESTS; i++) {
            Message sent = requests.next(type);
            for (JsonFormat.Printer printer : List.of(camel, snakeWithNames)) {
                byte[] json = withHexIds(printer.print(sent)).getBytes(StandardCharsets.UTF_8);

                assertThat(transcoded(type, json)).isEqualTo(sent);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void protobufLibraryReadsOwnJson(RequestType type) throws Exception {
        RandomRequests requests = new RandomRequests(type.ordinal() + 20).withoutNegativeZero();
        for (int i = 0; i < REQUESTS; i++) {
            Message sent = requests.next(type);

            JsonNode tree = new ObjectMapper().readTree(json(type, sent.toByteArray()));
            convertIds(
                    tree,
                    text -> Base64.getEncoder().encodeToString(HexFormat.of().parseHex(text)));
            Message.Builder read = RandomRequests.empty(type);
            JsonFormat.parser().merge(tree.toString(), read);

            assertThat(read.build()).isEqualTo(sent);
        }
    }

    @ParameterizedTest
    @EnumSource
    void repeatedSubMessagesMergeInJson(RequestType type) throws Exception {
        RandomRequests requests = new RandomRequests(type.ordinal() + 30);
        Message first = requests.next(type);
        Message second = requests.next(type);
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        first.writeTo(both);
        second.writeTo(both);

        Message read = transcoded(type, json(type, both.toByteArray()));

        assertThat(read).isEqualTo(first.toBuilder().mergeFrom(second).build());
    }

    static Message transcoded(RequestType type, byte[] json) throws Exception {
        byte[] protobuf = JsonToProtobuf.transcode(type, json, 0, json.length);
        return RandomRequests.empty(type).mergeFrom(protobuf).build();
    }

    static byte[] json(RequestType type, byte[] protobuf) throws Exception {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try (JsonGenerator out = new JsonFactory().createGenerator(json)) {
            ProtobufToJson.write(type, protobuf, 0, protobuf.length, out);
        }
        return json.toByteArray();
    }

    private static String withHexIds(String json) throws Exception {
        JsonNode tree = new ObjectMapper().readTree(json);
        convertIds(tree, text -> HexFormat.of().formatHex(Base64.getDecoder().decode(text)));
        return tree.toString();
    }

    private static void convertIds(JsonNode node, java.util.function.UnaryOperator<String> conversion) {
        for (String id : List.of("traceId", "spanId", "parentSpanId", "trace_id", "span_id", "parent_span_id")) {
            if (node instanceof ObjectNode object && node.path(id).isTextual()) {
                object.put(id, conversion.apply(node.path(id).textValue()));
            }
        }
        node.forEach(child -> convertIds(child, conversion));
    }
}
