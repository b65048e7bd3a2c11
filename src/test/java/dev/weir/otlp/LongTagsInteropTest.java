package dev.weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.Message;
import java.io.StringWriter;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tags and lengths may be longer than need be: protobuf's parsers take them for what they name, and so must each reader. */
class LongTagsInteropTest {

    private final RequestScanner scanner = new RequestScanner();

    @ParameterizedTest
    @EnumSource
    void shouldReadLongTagsAsFieldsTheyName(RequestType type) throws Exception {
        for (int seed = 0; seed < 200; seed++) {
            Message request = new GeneratedRequests(seed).request(type);
            byte[] bytes = request.toByteArray();
            byte[] longer = RequestMutator.lengthened(bytes, request.getDescriptorForType(), new Random(seed));
            assertThat(GeneratedRequests.parse(type, longer)).isEqualTo(request);
            int items = scanner.scan(type, bytes);
            int rejected = scanner.rejected();
            byte[] kept = scanner.withoutRejected();

            assertThat(scanner.scan(type, longer)).as("seed %d", seed).isEqualTo(items);
            assertThat(scanner.rejected()).isEqualTo(rejected);
            assertThat(json(type, longer)).isEqualTo(json(type, bytes));
            Message expected = GeneratedRequests.parse(type, kept);
            byte[] longerKept = scanner.withoutRejected();
            assertThat(GeneratedRequests.parse(type, longerKept)).isEqualTo(expected);
            shouldMergeAndSplit(type, longerKept, items);
        }
    }

    private void shouldMergeAndSplit(RequestType type, byte[] bytes, int items) throws OtlpFormatException {
        RequestMerger merger = new RequestMerger(type);
        merger.add(bytes, items);
        merger.add(bytes, items);
        byte[] merged = merger.build().toArray();
        assertThat(GeneratedRequests.items(type, GeneratedRequests.parse(type, merged)))
                .isEqualTo(2 * items);
        assertThat(scanner.scan(type, merged)).isEqualTo(2 * items);
        List<RequestSplitter.Part> parts = RequestSplitter.split(type, bytes, 1 + bytes.length / 3);
        for (RequestSplitter.Part part : parts) {
            assertThat(GeneratedRequests.items(type, GeneratedRequests.parse(type, part.bytes())))
                    .isEqualTo(part.items());
        }
        assertThat(parts.stream().mapToInt(RequestSplitter.Part::items).sum()).isEqualTo(items);
    }

    private static String json(RequestType type, byte[] bytes) throws Exception {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            ProtobufToJson.write(type, bytes, 0, bytes.length, out);
        }
        return text.toString();
    }
}
