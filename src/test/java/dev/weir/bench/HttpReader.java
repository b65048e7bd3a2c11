package dev.weir.bench;

import java.nio.ByteBuffer;
import java.util.Locale;

/** Requests or responses of HTTP/1.1, one after another, with a content-length or in chunks. */
final class HttpReader {

    private final ByteBuffer in;
    private final StringBuilder line = new StringBuilder();
    private byte[] body = new byte[1024];
    private int length;
    private int left;
    private boolean inBody;
    private boolean chunked;
    private String startLine = "";
    private boolean gzip;

    HttpReader(ByteBuffer in) {
        this.in = in;
    }

    /** Goes on with what has come; true when a message is whole, which is then valid until the next call. */
    boolean read() {
        if (!inBody && startLine.isEmpty()) {
            length = 0;
        }
        while (true) {
            if (inBody && left > 0) {
                int count = Math.min(left, in.remaining());
                ensure(length + count);
                in.get(body, length, count);
                length += count;
                left -= count;
                if (left > 0) {
                    return false;
                }
            }
            if (inBody && !chunked && left == 0) {
                inBody = false;
                complete = startLine;
                startLine = "";
                return true;
            }
            if (!line()) {
                return false;
            }
            String text = line.toString();
            line.setLength(0);
            if (inBody) {
                if (chunk(text)) {
                    return true;
                }
            } else {
                head(text);
            }
        }
    }

    private String complete = "";
    private boolean lastChunk;

    /** A line between chunks. */
    private boolean chunk(String text) {
        if (lastChunk) {
            if (text.isEmpty()) {
                inBody = false;
                lastChunk = false;
                complete = startLine;
                startLine = "";
                return true;
            }
        } else if (!text.isEmpty()) {
            left = Integer.parseInt(text.split(";")[0].strip(), 16);
            lastChunk = left == 0;
        }
        return false;
    }

    private void head(String text) {
        if (startLine.isEmpty()) {
            startLine = text;
            left = 0;
            length = 0;
            chunked = false;
            gzip = false;
        } else if (text.isEmpty()) {
            inBody = true;
        } else {
            String lower = text.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                left = Integer.parseInt(lower.substring(15).strip());
            } else if (lower.startsWith("transfer-encoding:")) {
                chunked = lower.contains("chunked");
            } else if (lower.startsWith("content-encoding:")) {
                gzip = lower.contains("gzip");
            }
        }
    }

    private boolean line() {
        while (in.hasRemaining()) {
            char c = (char) in.get();
            if (c == '\n') {
                return true;
            }
            if (c != '\r') {
                line.append(c);
            }
        }
        return false;
    }

    private void ensure(int size) {
        if (body.length < size) {
            body = java.util.Arrays.copyOf(body, Math.max(size, 2 * body.length));
        }
    }

    /** {@code POST /v1/traces HTTP/1.1}, or {@code HTTP/1.1 200 OK}. */
    String startLine() {
        return complete;
    }

    byte[] body() {
        return body;
    }

    int length() {
        return length;
    }

    boolean gzip() {
        return gzip;
    }
}
