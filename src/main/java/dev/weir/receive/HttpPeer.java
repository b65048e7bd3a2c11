package dev.weir.receive;

import dev.weir.pipeline.Sender;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.ThreadLocalRandom;

/** One connection at the HTTP door: who it is, and its time limits. On its event loop. */
final class HttpPeer extends ChannelInboundHandlerAdapter implements LoopWatch.Watched {

    /** What an HTTP/1.1 client may send ahead (pipelining) while an answer is due; more ends the connection. */
    private static final long MOST_AHEAD = 4 << 20;
    /**
     * The longest rest of a body, in bytes, that is read although its request is answered, so that the connection lives on:
     * a client whose connection is closed while it sends sees that instead of its answer.
     */
    static final long MOST_SKIPPED = 1 << 20;

    private final HttpConnection connection;
    private final Channel channel;
    private final boolean http2;
    private final ReceiveConfig.HttpLimits limits;
    private final Sender protobufSender;
    private final Sender jsonSender;
    private final WantedHeaders wanted;
    private final Admission.Account account;
    private final UnreadAnswers unread;
    private final LoopWatch watch;
    private final LoopWatch.Entry entry;
    private int requests;
    private int reading;
    private long ahead;
    private long skipped;
    private long idleSince;
    /** When the first byte of a header that is not whole came; 0 when there is none. */
    private long headerSince;

    private final long oldAt;
    private boolean old;
    private boolean ending;

    HttpPeer(
            HttpConnection connection,
            Channel channel,
            boolean http2,
            ReceiveConfig.HttpLimits limits,
            Sender sender,
            WantedHeaders wanted,
            Admission.Account account,
            UnreadAnswers unread,
            LoopWatch watch) {
        this.connection = connection;
        this.channel = channel;
        this.http2 = http2;
        this.limits = limits;
        this.protobufSender = sender;
        this.jsonSender = new Sender(
                Sender.Protocol.HTTP_JSON,
                sender.overTls(),
                sender.principal(),
                sender.peer(),
                sender.connection(),
                sender.headers());
        this.wanted = wanted;
        this.account = account;
        this.unread = unread;
        this.watch = watch;
        this.idleSince = System.nanoTime();
        this.headerSince = idleSince;
        // ± 10 %, so that what was opened together does not come back together
        this.oldAt = idleSince
                + (long) (limits.connectionAge().toNanos()
                        * ThreadLocalRandom.current().nextDouble(0.9, 1.1));
        this.entry = watch.add(this);
        channel.pipeline().addFirst("weir-peer", this);
        var unused = channel.closeFuture().addListener(closed -> watch.remove(entry));
    }

    Sender sender(boolean json, HttpServerRequest request) {
        return wanted.of(json ? jsonSender : protobufSender, request.headers());
    }

    Admission.Account account() {
        return account;
    }

    UnreadAnswers unread() {
        return unread;
    }

    HttpConnection connection() {
        return connection;
    }

    boolean isHttp2() {
        return http2;
    }

    LoopWatch watch() {
        return watch;
    }

    /** Whether it is to end, with its next answer, because of its age. */
    boolean isOld() {
        return old;
    }

    /** A request's header is there. */
    void begin() {
        requests++;
        reading++;
        headerSince = 0;
    }

    /** A request's body is there, or nobody wants it any more. */
    void bodyEnded() {
        reading--;
        ahead = 0;
        skipped = 0;
    }

    /** Whether the rest of a body that nobody wants may be read. If it then turns out to be long, the connection ends. */
    boolean canSkip(HttpServerRequest request) {
        // A client that waits for leave to send its body may do without: nobody knows then where the next request
        // begins.
        if (http2 || request.decoderResult().isFailure() || request.headers().contains("Expect")) {
            return false;
        }
        String length = request.getHeader("Content-Length");
        // digits only: the HTTP decoder has seen to that
        return length == null || length.length() < 10 && Long.parseLong(length) <= MOST_SKIPPED;
    }

    /** A request is answered. */
    void answered() {
        requests--;
        idleSince = System.nanoTime();
    }

    /** Ends the connection although its sender is still sending; nothing more is taken from it. After its answer. */
    void end() {
        if (!ending) {
            ending = true;
            LingeringClose.begin(channel, watch);
        }
    }

    /** Whether what comes now is not wanted any more. */
    boolean isEnding() {
        return ending;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes && !http2) {
            if (requests == 0 && reading > 0) {
                skipped += bytes.readableBytes();
                if (skipped > MOST_SKIPPED) {
                    bytes.release();
                    end();
                    return;
                }
            } else if (requests == 0 && headerSince == 0) {
                headerSince = System.nanoTime();
            }
            if (requests > 0 && reading == 0) {
                ahead += bytes.readableBytes();
                if (ahead > MOST_AHEAD) {
                    bytes.release();
                    context.close();
                    return;
                }
            }
        }
        context.fireChannelRead(message);
    }

    @Override
    public void look(long now) {
        if (!old && now - oldAt >= 0) {
            old = true;
            if (http2) {
                connection.goAway(0);
            }
        }
        if (ending) {
            return;
        }
        if (old && http2 && requests == 0) {
            connection.close();
        } else if (requests == 0) {
            boolean slowHeader =
                    headerSince != 0 && now - headerSince >= limits.header().toNanos();
            boolean slowRest = reading > 0 && now - idleSince >= limits.body().toNanos();
            if (slowHeader || slowRest || now - idleSince >= limits.idle().toNanos()) {
                connection.close();
            }
        }
    }
}
