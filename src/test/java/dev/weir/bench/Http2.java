package dev.weir.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** Frames of HTTP/2 (RFC 9113), both sides; header blocks are read by Netty, and written here without compressing. */
abstract class Http2 extends Connection {

    static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    static final int FRAME_HEADER = 9;
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;
    static final int PADDED = 8;
    static final int PRIORITY = 0x20;
    static final int MAX_CONCURRENT_STREAMS = 3;
    static final int INITIAL_WINDOW_SIZE = 4;

    /** The longest frame that both sides take without being asked. */
    static final int MAX_FRAME = 16_384;

    static final int DEFAULT_WINDOW = 65_535;

    /** Room for what is answered at once to pings and settings. */
    private static final int RESERVE = 1024;

    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
    private final ByteBuf block = Unpooled.buffer(MAX_FRAME, MAX_FRAME);

    Http2(Loop loop, SocketChannel channel) throws IOException {
        super(loop, channel);
    }

    abstract void headers(int stream, Http2Headers headers, boolean last);

    /** The content is the next {@code length} bytes of {@link #in}, which need not be read. */
    abstract void data(int stream, int length, int counted, boolean last);

    abstract void reset(int stream, int error);

    abstract void goAway(String why);

    abstract void setting(int id, int value);

    /** All settings of a frame have been told. */
    abstract void settled();

    /** @param stream 0 for the connection */
    abstract void window(int stream, int more);

    @Override
    void read() {
        while (in.remaining() >= FRAME_HEADER) {
            int start = in.position();
            int length = in.getInt(start) >>> 8;
            if (length > MAX_FRAME) {
                throw new IllegalStateException("a frame of " + length + " bytes");
            }
            if (in.remaining() < FRAME_HEADER + length || out.remaining() < RESERVE) {
                return;
            }
            int type = in.get(start + 3);
            int flags = in.get(start + 4);
            int stream = in.getInt(start + 5) & Integer.MAX_VALUE;
            in.position(start + FRAME_HEADER);
            frame(type, flags, stream, length);
            in.position(start + FRAME_HEADER + length);
        }
    }

    private void frame(int type, int flags, int stream, int length) {
        switch (type) {
            case DATA -> {
                int padding = (flags & PADDED) != 0 ? (in.get() & 0xFF) + 1 : 0;
                data(stream, length - padding, length, (flags & END_STREAM) != 0);
            }
            case HEADERS -> {
                int padding = (flags & PADDED) != 0 ? (in.get() & 0xFF) + 1 : 0;
                int priority = (flags & PRIORITY) != 0 ? 5 : 0;
                in.position(in.position() + priority);
                if ((flags & END_HEADERS) == 0) {
                    throw new IllegalStateException("headers in more than one frame");
                }
                headers(stream, decoded(stream, length - padding - priority), (flags & END_STREAM) != 0);
            }
            case RST_STREAM -> reset(stream, in.getInt());
            case SETTINGS -> {
                if ((flags & ACK) == 0) {
                    for (int i = 0; i < length; i += 6) {
                        setting(in.getShort(), in.getInt());
                    }
                    frameHeader(0, SETTINGS, ACK, 0);
                    settled();
                }
            }
            case PING -> {
                if ((flags & ACK) == 0) {
                    frameHeader(8, PING, ACK, 0);
                    out.putLong(in.getLong());
                }
            }
            case GOAWAY -> {
                int last = in.getInt();
                int error = in.getInt();
                byte[] text = new byte[length - 8];
                in.get(text);
                goAway("GOAWAY after " + last + ", error " + error + ' ' + new String(text, StandardCharsets.UTF_8));
            }
            case WINDOW_UPDATE -> window(stream, in.getInt() & Integer.MAX_VALUE);
            default -> {
                // PRIORITY and what is not known
            }
        }
    }

    private Http2Headers decoded(int stream, int length) {
        block.clear();
        ByteBuffer bytes = in.duplicate();
        bytes.limit(bytes.position() + length);
        block.writeBytes(bytes);
        try {
            return decoder.decodeHeaders(stream, block);
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
    }

    final void frameHeader(int length, int type, int flags, int stream) {
        out.putInt(length << 8 | type);
        out.put((byte) flags);
        out.putInt(stream);
    }

    final void windowUpdate(int stream, int more) {
        frameHeader(4, WINDOW_UPDATE, 0, stream);
        out.putInt(more);
    }

    /** A literal with a new name. @param first 0x40: to be remembered; 0: not */
    static void literal(ByteArrayOutputStream block, int first, String name, String value) {
        block.write(first);
        text(block, name);
        text(block, value);
    }

    private static void text(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length < 127) {
            block.write(bytes.length);
        } else {
            block.write(127);
            int rest = bytes.length - 127;
            while (rest >= 128) {
                block.write(rest & 127 | 128);
                rest >>>= 7;
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }
}
