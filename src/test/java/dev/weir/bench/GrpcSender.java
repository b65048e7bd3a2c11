package dev.weir.bench;

import dev.weir.pipeline.Signal;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Calls of OTLP/gRPC on one connection. Headers are indexed after the first call, as every real client does it, and the
 * gateway's windows are kept to.
 */
final class GrpcSender extends Http2 implements Sender {

    /** Calls under way are found by their stream's number in a ring of so many. */
    private static final int RING = 1 << 14;

    private static final int MOST_STREAMS = 1000;
    private static final int GIVE_BACK = 16 << 10;
    private static final byte[] NO_ANSWER = new byte[0];

    private static final class Call {
        final Request request;
        final int stream;
        long window;
        int sent;
        byte[] answer = NO_ANSWER;

        Call(Request request, int stream, long window) {
            this.request = request;
            this.stream = stream;
            this.window = window;
        }
    }

    private final Answers answers;
    private final byte[] firstHeaders;
    private final byte[] laterHeaders;
    private final @Nullable Call[] calls = new Call[RING];
    private final ArrayDeque<Request> waiting = new ArrayDeque<>();
    private final List<Call> sending = new ArrayList<>();
    private boolean settled;
    private int nextStream = 1;
    private int underWay;
    private int mostStreams = MOST_STREAMS;
    private long initialWindow = DEFAULT_WINDOW;
    private long window = DEFAULT_WINDOW;
    private int consumed;
    private @Nullable String ended;

    GrpcSender(Loop loop, int port, Signal signal, boolean gzip, Map<String, String> headers, Answers answers)
            throws IOException {
        super(loop, SocketChannel.open(new InetSocketAddress("127.0.0.1", port)));
        this.answers = answers;
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        ByteArrayOutputStream later = new ByteArrayOutputStream();
        for (int indexed : new int[] {0x83, 0x86}) { // :method POST, :scheme http
            first.write(indexed);
            later.write(indexed);
        }
        List<String[]> fields = new ArrayList<>(List.of(
                new String[] {":path", path(signal)},
                new String[] {":authority", "127.0.0.1:" + port},
                new String[] {"content-type", "application/grpc"},
                new String[] {"te", "trailers"},
                new String[] {"user-agent", "OTel-OTLP-Exporter-bench/1.0"}));
        if (gzip) {
            fields.add(new String[] {"grpc-encoding", "gzip"});
        }
        headers.forEach((name, value) -> fields.add(new String[] {name, value}));
        for (int i = 0; i < fields.size(); i++) {
            literal(first, 0x40, fields.get(i)[0], fields.get(i)[1]);
            later.write(0x80 | 62 + fields.size() - 1 - i);
        }
        firstHeaders = first.toByteArray();
        laterHeaders = later.toByteArray();
        out.put(PREFACE);
        frameHeader(0, SETTINGS, 0, 0);
        flush();
    }

    private static String path(Signal signal) {
        return "/opentelemetry.proto.collector."
                + switch (signal) {
                    case TRACES -> "trace.v1.TraceService";
                    case METRICS -> "metrics.v1.MetricsService";
                    case LOGS -> "logs.v1.LogsService";
                }
                + "/Export";
    }

    @Override
    public void send(Request request) throws IOException {
        if (ended != null) {
            answers.answered(request, ended);
            return;
        }
        waiting.add(request);
        flush();
    }

    @Override
    void write() {
        while (settled && !waiting.isEmpty() && underWay < mostStreams && out.remaining() > MAX_FRAME) {
            begin(waiting.poll());
        }
        for (Iterator<Call> calling = sending.iterator(); calling.hasNext() && window > 0; ) {
            Call call = calling.next();
            while (window > 0 && call.window > 0 && call.sent < call.request.length) {
                int room = out.remaining() - FRAME_HEADER;
                int length = (int)
                        Math.min(Math.min(MAX_FRAME, call.request.length - call.sent), Math.min(window, call.window));
                if (room < length) {
                    return;
                }
                boolean last = call.sent + length == call.request.length;
                frameHeader(length, DATA, last ? END_STREAM : 0, call.stream);
                out.put(call.request.bytes, call.sent, length);
                call.sent += length;
                call.window -= length;
                window -= length;
            }
            if (call.sent == call.request.length) {
                calling.remove();
            }
        }
    }

    private void begin(Request request) {
        Call call = new Call(request, nextStream, initialWindow);
        byte[] block = nextStream == 1 ? firstHeaders : laterHeaders;
        frameHeader(block.length, HEADERS, END_HEADERS, nextStream);
        out.put(block);
        int slot = nextStream >>> 1 & RING - 1;
        if (calls[slot] != null) {
            throw new IllegalStateException("a call has not been answered for " + RING + " calls");
        }
        calls[slot] = call;
        nextStream += 2;
        underWay++;
        sending.add(call);
    }

    private @Nullable Call call(int stream) {
        Call call = calls[stream >>> 1 & RING - 1];
        return call != null && call.stream == stream ? call : null;
    }

    private void end(Call call, @Nullable String refusal) {
        calls[call.stream >>> 1 & RING - 1] = null;
        underWay--;
        if (call.sent < call.request.length) {
            sending.remove(call);
        }
        answers.answered(call.request, refusal);
    }

    @Override
    void headers(int stream, Http2Headers headers, boolean last) {
        Call call = call(stream);
        if (!last || call == null) {
            return;
        }
        CharSequence status = headers.get("grpc-status");
        if (status == null || !status.toString().equals("0")) {
            end(call, "status " + status + ' ' + headers.get("grpc-message"));
        } else {
            end(call, isAllTaken(call.answer) ? null : "a part of it was rejected");
        }
    }

    /** Nothing, or an empty {@code partial_success}; some compress that too. */
    private static boolean isAllTaken(byte[] answer) {
        if (answer.length > Request.PREFIX && answer[0] == 1) {
            try (var plain = new GZIPInputStream(
                    new ByteArrayInputStream(answer, Request.PREFIX, answer.length - Request.PREFIX))) {
                return plain.readAllBytes().length <= NOTHING_REJECTED;
            } catch (IOException e) {
                return false;
            }
        }
        return answer.length <= Request.PREFIX + NOTHING_REJECTED;
    }

    @Override
    void data(int stream, int length, int counted, boolean last) {
        Call call = call(stream);
        if (call != null) {
            int had = call.answer.length;
            call.answer = Arrays.copyOf(call.answer, had + length);
            in.get(call.answer, had, length);
        }
        consumed += counted;
        if (consumed >= GIVE_BACK) {
            windowUpdate(0, consumed);
            consumed = 0;
        }
    }

    @Override
    void reset(int stream, int error) {
        Call call = call(stream);
        if (call != null) {
            end(call, "reset, error " + error);
        }
    }

    @Override
    void goAway(String why) {
        ended = why;
    }

    @Override
    void ended() {
        ended = ended == null ? "closed" : ended;
        Arrays.stream(calls.clone()).filter(call -> call != null).forEach(call -> end(call, ended));
        for (Request request; (request = waiting.poll()) != null; ) {
            answers.answered(request, ended);
        }
    }

    @Override
    void setting(int id, int value) {
        if (id == MAX_CONCURRENT_STREAMS) {
            mostStreams = Math.min(MOST_STREAMS, value);
        } else if (id == INITIAL_WINDOW_SIZE) {
            for (Call call : sending) {
                call.window += value - initialWindow;
            }
            initialWindow = value;
        }
    }

    @Override
    void settled() {
        settled = true;
    }

    @Override
    void window(int stream, int more) {
        if (stream == 0) {
            window += more;
        } else {
            Call call = call(stream);
            if (call != null) {
                call.window += more;
            }
        }
    }
}
