package dev.weir.receive;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Closes a gRPC connection that does not begin: grpc-java's own limit is for the TLS handshake alone, and without TLS a
 * silent socket would count against the connection limit until it is idle. On the connection's event loop.
 */
final class SilentStart extends ChannelInboundHandlerAdapter implements LoopWatch.Watched {

    /** What each client sends first over HTTP/2; the start of a TLS handshake is longer. */
    private static final int PREFACE = 24;

    private final Channel channel;
    private final Watches watches;
    private final long patience;
    private final long begun = System.nanoTime();
    private int came;
    private LoopWatch.@Nullable Entry entry;

    private SilentStart(Channel channel, Watches watches, Duration patience) {
        this.channel = channel;
        this.watches = watches;
        this.patience = patience.toNanos();
    }

    /** The channel may not be registered yet. */
    static void bound(Channel channel, Watches watches, Duration patience) {
        channel.pipeline().addFirst("weir-silent-start", new SilentStart(channel, watches, patience));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        entry = watches.ofThisLoop().add(this);
        var unused = channel.closeFuture().addListener(closed -> unwatch());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            came += bytes.readableBytes();
        }
        context.fireChannelRead(message);
        if (came >= PREFACE) {
            unwatch();
            context.pipeline().remove(this);
        }
    }

    @Override
    public void look(long now) {
        if (now - begun >= patience) {
            channel.unsafe().close(channel.unsafe().voidPromise());
        }
    }

    private void unwatch() {
        if (entry != null) {
            watches.ofThisLoop().remove(entry);
            entry = null;
        }
    }
}
