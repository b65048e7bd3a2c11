package dev.weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpanWriterInteropTest {

    private static final byte[] KEY = bytes("weir.policy");
    private static final byte[] VALUE = bytes("errors");
    private static final byte[] STATE = bytes("ot=th:8");

    private final SpanWriter writer = new SpanWriter();
    private final Span span =
            SampleSpans.span(new Random(1)).toBuilder().setTraceState("a=b").build();

    @Test
    void shouldCopyWhatNothingIsAskedOf() throws IOException {
        assertThat(written(span.toByteArray(), false, false, STATE)).isEqualTo(span);
    }

    @Test
    void shouldReplaceAndTakeAwayTheTraceState() throws IOException {
        byte[] body = span.toByteArray();

        assertThat(written(body, true, false, STATE))
                .isEqualTo(span.toBuilder().setTraceState("ot=th:8").build());
        assertThat(written(body, true, false, new byte[0]))
                .isEqualTo(span.toBuilder().clearTraceState().build());
    }

    @Test
    void shouldReplaceEveryTraceStateOfARepeatedField() throws IOException {
        ByteArrayOutputStream twice = new ByteArrayOutputStream();
        Span.newBuilder().setTraceState("first=1").build().writeTo(twice);
        span.writeTo(twice);

        Span result = written(twice.toByteArray(), true, false, new byte[0]);

        assertThat(result).isEqualTo(span.toBuilder().clearTraceState().build());
    }

    @Test
    void shouldAddTheAttributeInsteadOfThoseOfItsKey() throws IOException {
        Span before = span.toBuilder().addAttributes(0, attribute("old")).build();

        Span result = written(before.toByteArray(), true, true, STATE);

        assertThat(result)
                .isEqualTo(span.toBuilder()
                        .setTraceState("ot=th:8")
                        .addAttributes(attribute("errors"))
                        .build());
    }

    private static KeyValue attribute(String value) {
        return KeyValue.newBuilder()
                .setKey("weir.policy")
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private Span written(byte[] body, boolean changeState, boolean addAttribute, byte[] state) throws IOException {
        writer.reset(body, 0, body.length);
        if (changeState) {
            writer.traceState(state, 0, state.length);
        }
        if (addAttribute) {
            writer.attribute(KEY, VALUE);
        }
        byte[] out = new byte[writer.length() + 3];
        assertThat(writer.write(out, 3)).isEqualTo(out.length);
        return Span.parser().parseFrom(out, 3, out.length - 3);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
