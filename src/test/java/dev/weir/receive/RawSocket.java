package dev.weir.receive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A socket to a door, for what no client would send. */
final class RawSocket implements AutoCloseable {

    private static final Pattern CONTENT_LENGTH = Pattern.compile("(?i)\ncontent-length: *(\\d+)");

    private final Socket socket;

    RawSocket(DoorFixture door) throws IOException {
        this(door.doors.httpPort());
    }

    RawSocket(int port) throws IOException {
        this(new Socket("127.0.0.1", port));
    }

    RawSocket(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(15_000);
    }

    RawSocket send(String text) throws IOException {
        return send(text.getBytes(ISO_8859_1));
    }

    RawSocket send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Everything until the door closes. A reset counts as closed. */
    String untilClosed() throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[8192];
        InputStream in = socket.getInputStream();
        try {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                text.append(new String(buffer, 0, read, ISO_8859_1));
            }
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("neither answered nor closed in time; so far: " + text, e);
        } catch (IOException e) {
            text.append("(reset)");
        }
        return text.toString();
    }

    /** Reads until something has come. */
    void await(String expected) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(expected) < 0) {
            int c = socket.getInputStream().read();
            if (c < 0) {
                throw new AssertionError("closed after: " + text);
            }
            text.append((char) c);
        }
    }

    /** The status line of the next answer. */
    String statusLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = socket.getInputStream().read();
                c >= 0 && c != '\n';
                c = socket.getInputStream().read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    /** The next answer, its body by its Content-Length. */
    String answer() throws IOException {
        StringBuilder text = new StringBuilder();
        int left = -1;
        while (left != 0) {
            int c = socket.getInputStream().read();
            if (c < 0) {
                throw new AssertionError("closed after: " + text);
            }
            text.append((char) c);
            if (left > 0) {
                left--;
            } else if (text.length() > 4 && text.lastIndexOf("\r\n\r\n") == text.length() - 4) {
                Matcher length = CONTENT_LENGTH.matcher(text);
                left = length.find() ? Integer.parseInt(length.group(1)) : 0;
            }
        }
        return text.toString();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
