package dev.weir.otlp;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Writes sound messages again in other ways, field by field at every level. */
final class RequestMutator {

    private final Random random;
    /** One field in so many is changed. */
    private final int oneIn;

    private final boolean sound;

    private RequestMutator(Random random, int oneIn, boolean sound) {
        this.random = random;
        this.oneIn = oneIn;
        this.sound = sound;
    }

    /** The same content, some tags and lengths one or two bytes longer than need be. */
    static byte[] lengthened(byte[] message, Descriptor type, Random random) {
        return new RequestMutator(random, 3, true).rewrite(message, type);
    }

    /** A few fields doubled, left out, cut, of another wire type or number, or behind long or far too long tags. */
    static byte[] mutated(byte[] message, Descriptor type, Random random) {
        return new RequestMutator(random, 5 + random.nextInt(100), false).rewrite(message, type);
    }

    private byte[] rewrite(byte[] message, @Nullable Descriptor type) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FieldCursor field = new FieldCursor().reset(message, 0, message.length);
        while (field.next()) {
            FieldDescriptor known = type == null ? null : type.findFieldByNumber(field.tag() >>> 3);
            byte[] value = Arrays.copyOfRange(message, field.valueStart(), field.valueEnd());
            if (known != null && known.getJavaType() == FieldDescriptor.JavaType.MESSAGE && isContent(field.tag())) {
                value = rewrite(value, known.getMessageType());
            }
            if (random.nextInt(oneIn) > 0) {
                write(out, field.tag(), value, 0, 0);
            } else if (sound || random.nextBoolean()) {
                write(out, field.tag(), value, random.nextInt(3), random.nextInt(3));
            } else {
                mutate(out, field.tag(), value);
            }
        }
        return out.toByteArray();
    }

    private void mutate(ByteArrayOutputStream out, int tag, byte[] value) {
        switch (random.nextInt(8)) {
            case 0 -> {
                write(out, tag, value, random.nextInt(2), 0);
                write(out, tag, value, random.nextInt(2), 0);
            }
            case 1 -> {
                // Left out.
            }
            case 2 -> write(out, tag, Arrays.copyOf(value, random.nextInt(value.length + 1)), 0, 0);
            case 3 -> write(out, tag & ~7 | random.nextInt(8), value, 0, 0);
            case 4 -> write(out, random.nextInt(20) << 3 | tag & 7, value, 0, 0);
            case 5 -> write(out, tag, value, random.nextInt(10), random.nextInt(10));
            case 6 -> ofOtherWireType(out, tag);
            default -> {
                ofOtherWireType(out, (1 + random.nextInt(5000)) << 3);
                write(out, tag, value, 0, 0);
            }
        }
    }

    /** A sound field, of which only the wire type may be unexpected. */
    private void ofOtherWireType(ByteArrayOutputStream out, int tag) {
        int wireType = new int[] {Wire.VARINT, Wire.FIXED64, Wire.LENGTH, Wire.FIXED32}[random.nextInt(4)];
        int length = wireType == Wire.VARINT ? 1 : wireType == Wire.FIXED32 ? 4 : 8;
        write(out, tag & ~7 | wireType, new byte[length], 0, 0);
    }

    private static void write(ByteArrayOutputStream out, int tag, byte[] value, int moreTag, int moreLength) {
        varint(out, Integer.toUnsignedLong(tag), moreTag);
        if (isContent(tag)) {
            varint(out, value.length, moreLength);
        }
        out.writeBytes(value);
    }

    private static void varint(ByteArrayOutputStream out, long value, int more) {
        for (; value > 0x7f || more > 0; value >>>= 7) {
            more -= value > 0x7f ? 0 : 1;
            out.write((int) value | 0x80);
        }
        out.write((int) value);
    }

    private static boolean isContent(int tag) {
        return (tag & 7) == Wire.LENGTH;
    }
}
