package dev.weir.bench;

import dev.weir.pipeline.Signal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** OTLP/HTTP with protobuf bodies on one connection of HTTP/1.1: a request waits for the answer to the one before. */
final class HttpSender extends Connection implements Sender {

    private final Answers answers;
    private final byte[] head;
    private final ArrayDeque<Request> waiting = new ArrayDeque<>();
    private final HttpReader reader = new HttpReader(in);
    private @Nullable Request current;
    private byte[] length = new byte[0];
    private int headSent;
    private int lengthSent;
    private int sent;

    HttpSender(Loop loop, int port, Signal signal, boolean gzip, Map<String, String> headers, Answers answers)
            throws IOException {
        super(loop, SocketChannel.open(new InetSocketAddress("127.0.0.1", port)));
        this.answers = answers;
        StringBuilder text = new StringBuilder("POST /v1/" + signal.label() + " HTTP/1.1\r\nhost: 127.0.0.1:" + port
                + "\r\nuser-agent: OTel-OTLP-Exporter-bench/1.0\r\ncontent-type: application/x-protobuf\r\n");
        if (gzip) {
            text.append("content-encoding: gzip\r\n");
        }
        headers.forEach((name, value) -> text.append(name + ": " + value + "\r\n"));
        head = text.append("content-length: ").toString().getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void send(Request request) throws IOException {
        if (!isOpen()) {
            answers.answered(request, "closed");
            return;
        }
        waiting.add(request);
        flush();
    }

    /** How many requests it has to send or to be answered. */
    int backlog() {
        return waiting.size() + (current == null ? 0 : 1);
    }

    @Override
    void write() {
        if (current == null) {
            if (waiting.isEmpty()) {
                return;
            }
            current = waiting.poll();
            length = (current.length - Request.PREFIX + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
            headSent = 0;
            lengthSent = 0;
            sent = Request.PREFIX;
        }
        headSent += put(head, headSent, head.length);
        lengthSent += headSent == head.length ? put(length, lengthSent, length.length) : 0;
        sent += lengthSent == length.length ? put(current.bytes, sent, current.length) : 0;
    }

    private int put(byte[] bytes, int from, int to) {
        int count = Math.min(out.remaining(), to - from);
        out.put(bytes, from, count);
        return count;
    }

    @Override
    void read() {
        while (reader.read()) {
            Request request = current;
            if (request == null) {
                throw new IllegalStateException("an answer to nothing");
            }
            current = null;
            boolean taken = reader.startLine().contains(" 200") && reader.length() <= NOTHING_REJECTED;
            answers.answered(request, taken ? null : reader.startLine() + ", " + reader.length() + " bytes");
        }
    }

    @Override
    void ended() {
        if (current != null) {
            answers.answered(current, "closed");
            current = null;
        }
        for (Request request; (request = waiting.poll()) != null; ) {
            answers.answered(request, "closed");
        }
    }
}
