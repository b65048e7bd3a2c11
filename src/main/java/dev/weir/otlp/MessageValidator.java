package dev.weir.otlp;

/**
 * Checks that bytes are a well-formed message, with everything known inside it. A known field must have its wire type:
 * Google's parsers take another for an unknown field, but the Collector's and those of Rust refuse the whole request. UTF-8
 * is not checked.
 */
final class MessageValidator {

    /** Messages inside messages; the request itself is level 1. */
    static final int MAX_NESTING = 32;

    private MessageValidator() {}

    static void message(byte[] bytes, int from, int to, int message, int level) throws OtlpFormatException {
        if (level > MAX_NESTING) {
            throw new OtlpFormatException(from, "messages nested over " + MAX_NESTING + " deep");
        }
        short[] fields = KnownMessages.fieldsOf(message);
        int p = from;
        while (p < to) {
            p = field(bytes, p, to, fields, level);
        }
    }

    /** Checks the field at {@code at} and returns its end. */
    private static int field(byte[] bytes, int at, int end, short[] fields, int level) throws OtlpFormatException {
        int tag = bytes[at];
        if (tag >= 0) {
            return value(bytes, tag, at + 1, end, fields, level);
        }
        int value = Wire.tagEnd(bytes, at, end);
        return value(bytes, (int) Wire.varint(bytes, at), value, end, fields, level);
    }

    /** Checks the tag and the value at {@code at}, which stands behind it; returns the value's end. */
    static int value(byte[] bytes, int tag, int at, int end, short[] fields, int level) throws OtlpFormatException {
        int number = tag >>> 3;
        int known = number < fields.length ? fields[number] : KnownMessages.UNKNOWN;
        if (!KnownMessages.allows(known, tag & 7)) {
            throw wrongTag(tag, at - 1);
        }
        switch (tag & 7) {
            case Wire.VARINT:
                return at < end && bytes[at] >= 0 ? at + 1 : Wire.varintEnd(bytes, at, end);
            case Wire.FIXED64:
                if (end - at < Long.BYTES) {
                    throw truncated(at);
                }
                return at + Long.BYTES;
            case Wire.FIXED32:
                if (end - at < Integer.BYTES) {
                    throw truncated(at);
                }
                return at + Integer.BYTES;
            default:
                int content = KnownMessages.content(known);
                return content == KnownMessages.OPAQUE
                        ? opaque(bytes, at, end)
                        : known(bytes, at, end, content, level + 1);
        }
    }

    /** Checks only the length prefix at {@code at} and returns the end of the content. */
    static int opaque(byte[] bytes, int at, int end) throws OtlpFormatException {
        if (at < end) {
            int length = bytes[at];
            if (length >= 0 && length < end - at) {
                return at + 1 + length;
            }
        }
        return Wire.contentEnd(Wire.content(bytes, at, end));
    }

    /** Checks a length-delimited known field whose length prefix is at {@code at}; returns the end of its content. */
    static int known(byte[] bytes, int at, int end, int content, int level) throws OtlpFormatException {
        if (content == KnownMessages.KEY_VALUE) {
            return keyValue(bytes, at, end, level);
        }
        long range = Wire.content(bytes, at, end);
        int from = Wire.contentStart(range);
        int to = Wire.contentEnd(range);
        if (content > 0) {
            message(bytes, from, to, content, level);
            if (content == KnownMessages.EXEMPLAR && IdSizes.isAnyWrong(bytes, from, to, IdSizes.OF_EXEMPLAR)) {
                throw new OtlpFormatException(from, "exemplar whose ids are not of 16 and 8 bytes");
            }
        } else if (content == KnownMessages.PACKED_FIXED64) {
            if ((to - from) % Long.BYTES != 0) {
                throw new OtlpFormatException(from, "packed 64-bit words of " + (to - from) + " bytes");
            }
        } else {
            for (int p = from; p < to; ) {
                p = Wire.varintEnd(bytes, p, to);
            }
        }
        return to;
    }

    private static int keyValue(byte[] bytes, int at, int end, int level) throws OtlpFormatException {
        int plain = level < MAX_NESTING ? PlainKeyValue.end(bytes, at, end) : 0;
        return plain > 0 ? plain : anyKeyValue(bytes, at, end, level);
    }

    /** The same for a KeyValue that is not known to be plain. */
    static int anyKeyValue(byte[] bytes, int at, int end, int level) throws OtlpFormatException {
        long range = Wire.content(bytes, at, end);
        message(bytes, Wire.contentStart(range), Wire.contentEnd(range), KnownMessages.KEY_VALUE, level);
        return Wire.contentEnd(range);
    }

    private static OtlpFormatException wrongTag(int tag, int at) {
        if (tag >>> 3 == 0) {
            return new OtlpFormatException(at, "field number 0");
        }
        return KnownMessages.allows(KnownMessages.UNKNOWN, tag & 7)
                ? new OtlpFormatException(at, "field " + (tag >>> 3) + " of wire type " + (tag & 7))
                : new OtlpFormatException(at, "wire type " + (tag & 7) + " is not used by OTLP");
    }

    private static OtlpFormatException truncated(int at) {
        return new OtlpFormatException(at, "truncated fixed-width field");
    }
}
