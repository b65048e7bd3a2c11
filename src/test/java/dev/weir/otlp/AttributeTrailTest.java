package dev.weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** A message that is read along the one before is read as if it were the only one. */
final class AttributeTrailTest {

    private static final List<String> NAMES = List.of("node_id", "zone", "http.url", "http.method", "a", "guid");
    private static final AttributeKeys KEYS = new AttributeKeys(NAMES);

    private final AttributeSlots along = new AttributeSlots(KEYS);
    private final AttributeSlots alone = new AttributeSlots(KEYS);
    private AttributeTrail trail = new AttributeTrail(KEYS);

    @Property(tries = 2000)
    void shouldReadEachMessageAsIfItWereTheOnlyOne(@ForAll long seed) {
        Random random = new Random(seed);
        trail = new AttributeTrail(KEYS);
        List<KeyValue> attributes = new ArrayList<>();
        for (int i = random.nextInt(30); i > 0; i--) {
            attributes.add(attribute(random));
        }
        List<String> keysBefore = null;
        int readBefore = 0;
        byte[] bytesBefore = {};
        for (int message = 0; message < 12; message++) {
            mutate(attributes, random);
            byte[] bytes = bytes(attributes, random);

            read(bytes, random);

            readAlone(bytes);
            assertSameSlots();
            List<String> keys = keys(bytes);
            if (along.like() != 0) {
                assertThat(along.like()).isEqualTo(readBefore);
                assertThat(keys).isEqualTo(keysBefore);
                assertUnchangedAreTheSame(bytes, bytesBefore);
            }
            if (!keys.isEmpty()) {
                keysBefore = keys;
                readBefore = along.read();
                bytesBefore = bytes.clone();
            }
            if (random.nextBoolean()) {
                trail.forget();
                Arrays.fill(bytes, (byte) 0xff);
            }
        }
    }

    @Test
    void shouldShowAnIdleAttributeOnlyWhenItIsAnother() {
        byte[] first = span("cart-1", "/a");
        assertThat(read(first, new Random(0) {
                    @Override
                    public boolean nextBoolean() {
                        return true;
                    }
                }))
                .isEqualTo(3);

        assertThat(read(span("cart-1", "/b"), new Random(1)))
                .as("the first and the url")
                .isEqualTo(2);
        assertThat(along.like()).isNotZero();
        assertThat(along.isChanged(KEYS.of("http.url"))).isTrue();
        assertThat(along.isChanged(KEYS.of("zone"))).isFalse();
    }

    @Test
    void shouldRememberNoMessageOfVeryManyAttributes() {
        List<KeyValue> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.add(text(i % 2 == 0 ? "zone" : "key" + i, "v" + i));
        }
        byte[] bytes = Span.newBuilder().addAllAttributes(many).build().toByteArray();
        for (int i = 0; i < 3; i++) {
            assertThat(read(bytes, new Random(i))).isEqualTo(100);
            assertThat(along.like()).isZero();
            readAlone(bytes);
            assertSameSlots();
        }
    }

    private static byte[] span(String node, String url) {
        return Span.newBuilder()
                .addAttributes(text("node_id", node))
                .addAttributes(text("zone", "eu-west-1a"))
                .addAttributes(text("http.url", url))
                .build()
                .toByteArray();
    }

    private int read(byte[] bytes, Random random) {
        int shown = 0;
        along.reset(bytes, 0, bytes.length, AttributeView.OF_SPAN);
        boolean has = along.next();
        if (has) {
            along.follow(trail);
        }
        for (; has; has = along.next()) {
            shown++;
            assertThat(along.number()).isEqualTo(KEYS.find(bytes, along.keyStart(), along.keyEnd()));
            if (random.nextBoolean()) {
                along.idle();
            }
        }
        return shown;
    }

    private void readAlone(byte[] bytes) {
        alone.reset(bytes, 0, bytes.length, AttributeView.OF_SPAN);
        while (alone.next()) {
            // each is noted
        }
    }

    private void assertSameSlots() {
        for (int key = 0; key < KEYS.size(); key++) {
            assertThat(along.has(key)).as(KEYS.name(key)).isEqualTo(alone.has(key));
            if (alone.has(key)) {
                assertThat(along.fieldStart(key)).isEqualTo(alone.fieldStart(key));
                assertThat(along.fieldEnd(key)).isEqualTo(alone.fieldEnd(key));
                assertThat(along.value(key)).isEqualTo(alone.value(key));
                assertThat(along.textStart()).isEqualTo(alone.textStart());
                assertThat(along.textEnd()).isEqualTo(alone.textEnd());
            }
        }
        for (int field = 1; field < 16; field++) {
            assertThat(along.hasOther(field)).isEqualTo(alone.hasOther(field));
            if (alone.hasOther(field)) {
                assertThat(along.otherStart(field)).isEqualTo(alone.otherStart(field));
            }
        }
    }

    private void assertUnchangedAreTheSame(byte[] bytes, byte[] before) {
        for (int key = 0; key < KEYS.size(); key++) {
            if (alone.has(key) && !along.isChanged(key)) {
                byte[] now = Arrays.copyOfRange(bytes, alone.fieldStart(key), alone.fieldEnd(key));
                AttributeSlots then = new AttributeSlots(KEYS).reset(before, 0, before.length, AttributeView.OF_SPAN);
                while (then.next()) {
                    // each is noted
                }
                assertThat(now).isEqualTo(Arrays.copyOfRange(before, then.fieldStart(key), then.fieldEnd(key)));
            }
        }
    }

    /** Keys that are looked at, and a place for each other one. */
    private static List<String> keys(byte[] span) {
        try {
            return Span.parseFrom(span).getAttributesList().stream()
                    .map(attribute -> NAMES.contains(attribute.getKey()) ? attribute.getKey() : "")
                    .toList();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static void mutate(List<KeyValue> attributes, Random random) {
        for (int n = random.nextInt(4); n > 0 && !attributes.isEmpty(); n--) {
            int at = random.nextInt(attributes.size());
            switch (random.nextInt(8)) {
                case 0 -> attributes.remove(at);
                case 1 -> attributes.add(at, attribute(random));
                case 2 -> Collections.swap(attributes, at, random.nextInt(attributes.size()));
                default ->
                    attributes.set(
                            at,
                            attribute(random).toBuilder()
                                    .setKey(attributes.get(at).getKey())
                                    .build());
            }
        }
    }

    private static KeyValue attribute(Random random) {
        String key = random.nextInt(4) > 0 ? NAMES.get(random.nextInt(NAMES.size())) : "other" + random.nextInt(3);
        AnyValue.Builder value = AnyValue.newBuilder();
        switch (random.nextInt(6)) {
            case 0 -> value.setIntValue(random.nextInt(300));
            case 1 -> value.setStringValue("x".repeat(random.nextInt(300)));
            default -> value.setStringValue("v" + random.nextInt(20));
        }
        return KeyValue.newBuilder().setKey(key).setValue(value).build();
    }

    private static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    /** Of the attributes in their order; now and then another field between them, or an attribute with two values. */
    private static byte[] bytes(List<KeyValue> attributes, Random random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(
                Span.newBuilder().setName("n".repeat(random.nextInt(9))).build().toByteArray());
        boolean isOdd = random.nextInt(6) == 0;
        for (KeyValue attribute : attributes) {
            out.writeBytes(Span.newBuilder().addAttributes(attribute).build().toByteArray());
            if (isOdd && random.nextInt(4) == 0) {
                out.writeBytes(Span.newBuilder()
                        .setDroppedEventsCount(random.nextInt(3))
                        .build()
                        .toByteArray());
            }
            if (isOdd && random.nextInt(12) == 0) {
                byte[] one = text("zone", "v1").toByteArray();
                byte[] twice = Arrays.copyOf(one, one.length + 6);
                System.arraycopy(new byte[] {0x12, 4, 0x0a, 2, 'v', '2'}, 0, twice, one.length, 6);
                out.write(AttributeView.OF_SPAN << 3 | 2);
                out.write(twice.length);
                out.writeBytes(twice);
            }
        }
        out.writeBytes(Span.newBuilder().setFlags(1).build().toByteArray());
        return out.toByteArray();
    }
}
