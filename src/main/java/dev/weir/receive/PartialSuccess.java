package dev.weir.receive;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.otlp.Rejection;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The successful answers, {@code Export…ServiceResponse}: empty, or with a partial success. The three messages have the
 * same field numbers (opentelemetry-proto, {@code collector/…_service.proto}).
 */
final class PartialSuccess {

    /** Senders' gRPC clients take no longer answer by default; ours are far from it. */
    static final int MAX_MESSAGE = 1024;

    private static final byte[] NOTHING_REJECTED = new byte[0];

    private PartialSuccess() {}

    static String message(Map<Rejection, Integer> rejections) {
        return rejections.entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey().description())
                .collect(Collectors.joining(
                        ", ", "rejected ", ": ids must be 16 and 8 bytes, a span's own not all zero"));
    }

    static byte[] protobuf(int rejected, String message) {
        if (rejected == 0 && message.isEmpty()) {
            return NOTHING_REJECTED;
        }
        byte[] text = message.getBytes(UTF_8);
        if (text.length > MAX_MESSAGE) {
            text = Arrays.copyOf(text, MAX_MESSAGE);
        }
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        if (rejected > 0) {
            inner.write(1 << 3); // rejected_spans, rejected_data_points, rejected_log_records: int64
            varint(inner, rejected);
        }
        if (text.length > 0) {
            inner.write(2 << 3 | 2); // error_message: string
            varint(inner, text.length);
            inner.writeBytes(text);
        }
        ByteArrayOutputStream outer = new ByteArrayOutputStream();
        outer.write(1 << 3 | 2); // partial_success: message
        varint(outer, inner.size());
        outer.writeBytes(inner.toByteArray());
        return outer.toByteArray();
    }

    private static void varint(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest > 0x7f) {
            out.write(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
