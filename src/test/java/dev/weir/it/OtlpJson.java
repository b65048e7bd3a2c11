package dev.weir.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;

/** OTLP's JSON: protobuf's mapping, but for enums as numbers and ids in hex. */
final class OtlpJson {

    private static final Set<String> IDS = Set.of("traceId", "spanId", "parentSpanId");

    private OtlpJson() {}

    static byte[] of(Message request) {
        try {
            JsonNode tree =
                    Http.parse(JsonFormat.printer().printingEnumsAsInts().print(request));
            idsToHex(tree);
            return tree.toString().getBytes(StandardCharsets.UTF_8);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static void idsToHex(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(field -> {
                if (IDS.contains(field.getKey())) {
                    byte[] id = Base64.getDecoder().decode(field.getValue().asText());
                    field.setValue(object.textNode(HexFormat.of().formatHex(id)));
                }
            });
        }
        node.forEach(OtlpJson::idsToHex);
    }
}
