package dev.weir.receive;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;

/**
 * Bounds what a connection has been answered and does not read: in bytes, as nothing more is taken from it while the
 * channel's 64 KiB of answers wait behind the socket's buffers; and in time, after which it is reset. With HTTP/2 an answer
 * may also wait for the sender to open its window. On the connection's event loop.
 */
final class UnreadAnswers extends ChannelInboundHandlerAdapter implements LoopWatch.Watched {

    private final Channel channel;
    private final Watches watches;
    private final long patience;
    private int underWay;
    /** When the first of those under way was written, or one of them last got through. */
    private long progressAt;

    private long stuckSince;

    private UnreadAnswers(Channel channel, Watches watches, Duration patience) {
        this.channel = channel;
        this.watches = watches;
        this.patience = patience.toNanos();
    }

    /** The channel may not be registered yet. */
    static UnreadAnswers bound(Channel channel, Watches watches, Duration patience) {
        UnreadAnswers unread = new UnreadAnswers(channel, watches, patience);
        channel.pipeline().addFirst("weir-unread-answers", unread);
        return unread;
    }

    Channel channel() {
        return channel;
    }

    /** An answer was handed to the transport. */
    void answered() {
        if (underWay++ == 0) {
            progressAt = System.nanoTime();
        }
    }

    /** One of the answers has gone out, or nobody wants it any more. */
    void sent() {
        underWay--;
        progressAt = System.nanoTime();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        LoopWatch watch = watches.ofThisLoop();
        LoopWatch.Entry entry = watch.add(this);
        var unused = channel.closeFuture().addListener(closed -> watch.remove(entry));
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        // No more is answered than is read: what a sender has sent waits in the sockets.
        channel.config().setAutoRead(channel.isWritable());
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void look(long now) {
        if (channel.isWritable()) {
            stuckSince = 0;
        } else if (stuckSince == 0) {
            stuckSince = now;
        }
        boolean stuck = stuckSince != 0 && now - stuckSince >= patience;
        if (stuck || underWay > 0 && now - progressAt >= patience) {
            reset();
        }
    }

    /** Past whatever waits in the pipeline. */
    private void reset() {
        channel.unsafe().close(channel.unsafe().voidPromise());
    }
}
