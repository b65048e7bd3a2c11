package dev.weir.receive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Frames of HTTP/2, for what no gRPC client would send. */
final class RawGrpc {

    static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1);
    static final byte[] SETTINGS = frame(4, 0, 0, new byte[0]);
    static final byte[] SETTINGS_ACKNOWLEDGED = frame(4, 1, 0, new byte[0]);
    static final byte[] PING = frame(6, 0, 0, new byte[8]);
    /** SETTINGS_INITIAL_WINDOW_SIZE 0: nothing may be answered that has a body. */
    static final byte[] SETTINGS_NO_WINDOW = frame(4, 0, 0, new byte[] {0, 4, 0, 0, 0, 0});

    private static final int END_STREAM = 1;

    private RawGrpc() {}

    /** RST_STREAM with REFUSED_STREAM. */
    static String refusal(int stream) {
        byte[] code = {0, 0, 0, 7};
        return new String(frame(3, 0, stream, code), ISO_8859_1);
    }

    /** RST_STREAM with CANCEL. */
    static byte[] reset(int stream) {
        return frame(3, 0, stream, new byte[] {0, 0, 0, 8});
    }

    /** Opens a call of traces' Export. */
    static byte[] headers(int stream) {
        return headers(stream, "/opentelemetry.proto.collector.trace.v1.TraceService/Export", "application/grpc");
    }

    /** Opens a request. */
    static byte[] headers(int stream, String path, String type) {
        // HPACK without indexing: POST, http, then literal path, type and te
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        headers.writeBytes(new byte[] {(byte) 0x83, (byte) 0x86});
        literal(headers, ":path", path);
        literal(headers, ":authority", "a");
        literal(headers, "content-type", type);
        literal(headers, "te", "trailers");
        return frame(1, 4, stream, headers.toByteArray());
    }

    /** What stands before a message. */
    static byte[] messagePrefix(int length) {
        return ByteBuffer.allocate(5).put((byte) 0).putInt(length).array();
    }

    /** A whole call. */
    static byte[] export(int stream, byte[] request) {
        return join(headers(stream), message(stream, request));
    }

    /** The message of a call, and its end. */
    static byte[] message(int stream, byte[] request) {
        return join(data(stream, messagePrefix(request.length)), end(stream, request));
    }

    /** The last bytes of a request. */
    static byte[] end(int stream, byte[] payload) {
        return frame(0, END_STREAM, stream, payload);
    }

    static byte[] data(int stream, byte[] payload) {
        return frame(0, 0, stream, payload);
    }

    /** A frame of a type that has no meaning, which is to be ignored (RFC 9113, 5.5). */
    static byte[] unknown(byte[] payload) {
        return frame(0x20, 0, 0, payload);
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static void literal(ByteArrayOutputStream out, String name, String value) {
        out.write(0);
        out.write(name.length());
        out.writeBytes(name.getBytes(ISO_8859_1));
        out.write(value.length());
        out.writeBytes(value.getBytes(ISO_8859_1));
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }
}
