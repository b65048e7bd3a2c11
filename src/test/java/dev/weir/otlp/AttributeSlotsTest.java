package dev.weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.weir.otlp.AttributeView.ValueType;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;

final class AttributeSlotsTest {

    private static final AttributeKeys KEYS =
            new AttributeKeys(List.of("http.url", "retry", "ok", "absent", "node_id"));
    private static final int URL = KEYS.of("http.url");
    private static final int RETRY = KEYS.of("retry");
    private static final int OK = KEYS.of("ok");

    private final AttributeSlots slots = new AttributeSlots(KEYS);
    private final AttributeWriter writer = new AttributeWriter();

    @Test
    void remembersTheLastOfEachKeyAndPassesOverTheOthers() {
        byte[] span = Span.newBuilder()
                .setName("n")
                .addAttributes(text("http.url", "first"))
                .addAttributes(text("else", "x"))
                .addAttributes(KeyValue.newBuilder()
                        .setKey("retry")
                        .setValue(AnyValue.newBuilder().setIntValue(-3)))
                .addAttributes(KeyValue.newBuilder()
                        .setKey("ok")
                        .setValue(AnyValue.newBuilder().setBoolValue(true)))
                .addAttributes(text("http.url", "second"))
                .build()
                .toByteArray();

        assertThat(read(span)).isEqualTo(5);

        assertThat(slots.hasText(URL)).isTrue();
        assertThat(new String(span, slots.textStart(), slots.textEnd() - slots.textStart(), StandardCharsets.UTF_8))
                .isEqualTo("second");
        assertThat(slots.value(RETRY)).isEqualTo(ValueType.INT);
        assertThat(slots.integer()).isEqualTo(-3);
        assertThat(slots.value(OK)).isEqualTo(ValueType.BOOL);
        assertThat(slots.hasText(OK)).isFalse();
        assertThat(slots.has(KEYS.of("absent"))).isFalse();
        assertThat(slots.value(KEYS.of("absent"))).isEqualTo(ValueType.NONE);
    }

    @Test
    void forgetsWhatTheMessageBeforeHad() {
        read(Span.newBuilder().addAttributes(text("http.url", "x")).build().toByteArray());
        read(Span.newBuilder().addAttributes(text("node_id", "")).build().toByteArray());

        assertThat(slots.has(URL)).isFalse();
        assertThat(slots.has(KEYS.of("node_id"))).isTrue();
        assertThat(slots.hasText(KEYS.of("node_id"))).as("an empty text").isFalse();
    }

    @Test
    void cutsAndAppendsWholeFields() throws Exception {
        byte[] span = Span.newBuilder()
                .addAttributes(text("http.url", "u"))
                .setStatus(Status.newBuilder().setMessage("why"))
                .build()
                .toByteArray();
        read(span);
        byte[] key = "k".getBytes(StandardCharsets.UTF_8);
        writer.clear(AttributeView.OF_SPAN);
        writer.string(key, "é".repeat(2000).getBytes(StandardCharsets.UTF_8));
        writer.integer(key, Long.MIN_VALUE);
        writer.bool(key, false);
        writer.status(2);

        Span changed = Span.parseFrom(ByteString.copyFrom(span, 0, slots.fieldStart(URL))
                .concat(ByteString.copyFrom(span, slots.fieldEnd(URL), span.length - slots.fieldEnd(URL)))
                .concat(ByteString.copyFrom(writer.bytes(), 0, writer.length())));

        assertThat(changed.getAttributesList())
                .containsExactly(
                        text("k", "é".repeat(2000)),
                        KeyValue.newBuilder()
                                .setKey("k")
                                .setValue(AnyValue.newBuilder().setIntValue(Long.MIN_VALUE))
                                .build(),
                        KeyValue.newBuilder()
                                .setKey("k")
                                .setValue(AnyValue.newBuilder().setBoolValue(false))
                                .build());
        assertThat(changed.getStatus())
                .isEqualTo(Status.newBuilder().setCodeValue(2).setMessage("why").build());
    }

    @Property(tries = 200)
    void findsEveryKeyAndNoOther(
            @ForAll @Size(max = 60) @UniqueElements List<@StringLength(max = 20) String> names,
            @ForAll @StringLength(max = 20) String other) {
        AttributeKeys keys = new AttributeKeys(names);

        assertThat(names.stream().map(keys::of))
                .containsExactlyElementsOf(
                        IntStream.range(0, names.size()).boxed().toList());
        assertThat(keys.of(other)).isEqualTo(names.indexOf(other));
    }

    @Test
    void aKeyMayNotStandTwice() {
        assertThatThrownBy(() -> new AttributeKeys(List.of("a", "b", "a"))).hasMessage("twice: a");
    }

    private int read(byte[] span) {
        int count = 0;
        slots.reset(span, 0, span.length, AttributeView.OF_SPAN);
        while (slots.next()) {
            count++;
        }
        return count;
    }

    private static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }
}
