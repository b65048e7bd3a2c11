package dev.weir.bench;

import dev.weir.pipeline.Signal;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** A connection to the sink's port for OTLP/gRPC. */
final class GrpcReceiver extends Http2 {

    private static final int STREAM_WINDOW = 16 << 20;
    private static final int CONNECTION_WINDOW = 64 << 20;
    private static final byte[] HEADERS_BLOCK = headersBlock();
    private static final byte[] TRAILERS_BLOCK = trailersBlock();
    private static final int ANSWER = 3 * FRAME_HEADER + HEADERS_BLOCK.length + Request.PREFIX + TRAILERS_BLOCK.length;

    /** A request that is coming. */
    private static final class Call {
        byte[] bytes = new byte[64 << 10];
        int length;
        Signal signal = Signal.TRACES;
    }

    private final Sink sink;
    private final Map<Integer, Call> calls = new HashMap<>();
    private final ArrayDeque<Call> spare = new ArrayDeque<>();
    private final ArrayDeque<Integer> answers = new ArrayDeque<>();
    private boolean prefaced;
    private int consumed;

    GrpcReceiver(Loop loop, SocketChannel channel, Sink sink) throws IOException {
        super(loop, channel);
        this.sink = sink;
        frameHeader(6, SETTINGS, 0, 0);
        out.putShort((short) INITIAL_WINDOW_SIZE);
        out.putInt(STREAM_WINDOW);
        windowUpdate(0, CONNECTION_WINDOW - DEFAULT_WINDOW);
        flush();
    }

    private static byte[] headersBlock() {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.write(0x88); // :status 200
        literal(block, 0, "content-type", "application/grpc");
        return block.toByteArray();
    }

    private static byte[] trailersBlock() {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        literal(block, 0, "grpc-status", "0");
        return block.toByteArray();
    }

    @Override
    void read() {
        if (!prefaced) {
            if (in.remaining() < PREFACE.length) {
                return;
            }
            in.position(in.position() + PREFACE.length);
            prefaced = true;
        }
        super.read();
    }

    @Override
    void headers(int stream, Http2Headers headers, boolean last) {
        Call call = spare.isEmpty() ? new Call() : spare.pop();
        call.length = 0;
        String path = headers.path().toString();
        call.signal = path.contains(".trace.") ? Signal.TRACES : path.contains(".logs.") ? Signal.LOGS : Signal.METRICS;
        calls.put(stream, call);
    }

    @Override
    void data(int stream, int length, int counted, boolean last) {
        Call call = calls.get(stream);
        if (call == null) {
            throw new IllegalStateException("data of a stream that has not begun");
        }
        if (call.bytes.length < call.length + length) {
            call.bytes = Arrays.copyOf(call.bytes, Math.max(2 * call.bytes.length, call.length + length));
        }
        in.get(call.bytes, call.length, length);
        call.length += length;
        consumed += counted;
        if (consumed >= CONNECTION_WINDOW / 4) {
            windowUpdate(0, consumed);
            consumed = 0;
        }
        if (last) {
            calls.remove(stream);
            sink.arrived(call.signal, call.bytes[0] == 1, call.bytes, Request.PREFIX, call.length);
            spare.push(call);
            answers.add(stream);
        }
    }

    @Override
    void write() {
        while (!answers.isEmpty() && out.remaining() >= ANSWER) {
            int stream = answers.poll();
            frameHeader(HEADERS_BLOCK.length, HEADERS, END_HEADERS, stream);
            out.put(HEADERS_BLOCK);
            frameHeader(Request.PREFIX, DATA, 0, stream);
            out.put((byte) 0).putInt(0);
            frameHeader(TRAILERS_BLOCK.length, HEADERS, END_HEADERS | END_STREAM, stream);
            out.put(TRAILERS_BLOCK);
        }
    }

    @Override
    void reset(int stream, int error) {
        calls.remove(stream);
    }

    @Override
    void goAway(String why) {
        // the gateway ends the connection itself
    }

    @Override
    void ended() {
        calls.clear();
    }

    @Override
    void setting(int id, int value) {
        // answers are shorter than any window
    }

    @Override
    void settled() {
        // nothing waits for them
    }

    @Override
    void window(int stream, int more) {
        // answers are shorter than any window
    }
}
