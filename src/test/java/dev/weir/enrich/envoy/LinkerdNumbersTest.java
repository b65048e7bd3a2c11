package dev.weir.enrich.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.otlp.AttributeKeys;
import dev.weir.otlp.AttributeSlots;
import dev.weir.otlp.AttributeView;
import dev.weir.otlp.AttributeWriter;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinkerdNumbersTest {

    private static final AttributeKeys KEYS = new AttributeKeys(LinkerdNumbers.keys());

    @Test
    void shouldMakeIntegersOfTexts() throws Exception {
        Span span = TranslatedSpan.server()
                .tag("direction", "inbound")
                .tag("url.path", "/api/vote")
                .tag("server.port", "80")
                .tag("http.response.status_code", "503")
                .span();

        Span after = translate(span);

        assertThat(after.getAttributesList()).hasSize(4).startsWith(span.getAttributes(0), span.getAttributes(1));
        assertThat(after.getAttributesList().subList(2, 4))
                .extracting(attribute ->
                        attribute.getKey() + "=" + attribute.getValue().getIntValue())
                .containsExactlyInAnyOrder("server.port=80", "http.response.status_code=503");
    }

    @ParameterizedTest
    @CsvSource({"server.port,0", "server.port,65536", "server.port,http", "http.response.status_code,99"})
    void shouldLeaveWhatIsNoSuchNumber(String key, String value) throws Exception {
        Span span = TranslatedSpan.client()
                .tag("direction", "outbound")
                .tag(key, value)
                .span();

        assertThat(translate(span)).isEqualTo(span);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "north", "inboundx", "out", "i"})
    void shouldLeaveSpansOfOthers(String direction) throws Exception {
        Span span = TranslatedSpan.client()
                .tag("direction", direction)
                .tag("server.port", "80")
                .span();

        assertThat(translate(span)).isEqualTo(span);
        assertThat(translate(span.toBuilder().removeAttributes(0).build()).getAttributes(0))
                .isEqualTo(span.getAttributes(1));
    }

    private static Span translate(Span span) throws Exception {
        byte[] body = span.toByteArray();
        AttributeSlots slots = new AttributeSlots(KEYS).reset(body, 0, body.length, AttributeView.OF_SPAN);
        while (slots.next()) {
            // each is noted
        }
        AttributeWriter out = new AttributeWriter().clear(AttributeView.OF_SPAN);
        List<Integer> cut = new ArrayList<>();
        new LinkerdNumbers(KEYS).translate(body, slots, out, (from, to) -> {
            for (int i = from; i < to; i++) {
                cut.add(i);
            }
        });
        java.io.ByteArrayOutputStream after = new java.io.ByteArrayOutputStream();
        for (int i = 0; i < body.length; i++) {
            if (!cut.contains(i)) {
                after.write(body[i]);
            }
        }
        after.write(out.bytes(), 0, out.length());
        return Span.parseFrom(after.toByteArray());
    }
}
