package dev.weir.receive;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;

/**
 * The end of an HTTP/1.1 connection whose sender is still sending what nobody wants. Closed at once, it would be reset, and
 * the sender would see that instead of its answer. So our side alone is closed after the answer, and what still comes is
 * thrown away unread until the sender closes its side, is quiet, or has had enough of our time (RFC 9112, 9.6).
 *
 * <p>Vert.x would read on to the end of the body as well, but without a bound, and copy every byte.
 */
final class LingeringClose extends ChannelInboundHandlerAdapter implements LoopWatch.Watched {

    private static final long QUIET = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST = Duration.ofSeconds(10).toNanos();
    /** In bytes: twice the longest body by default, as it came over the wire. */
    private static final long MOST = 128L << 20;

    private final Channel channel;
    private final long begun = System.nanoTime();
    private long cameAt = begun;
    private long dropped;

    private LingeringClose(Channel channel) {
        this.channel = channel;
    }

    /** After the last answer was written. On the connection's event loop; once. */
    static void begin(Channel channel, LoopWatch watch) {
        LingeringClose end = new LingeringClose(channel);
        // before the decryption: it is not worth that
        channel.pipeline().addFirst("weir-lingering-close", end);
        LoopWatch.Entry entry = watch.add(end);
        var unused = channel.closeFuture().addListener(closed -> watch.remove(entry));
        var flushed = channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> end.closeOurSide());
        channel.config().setAutoRead(true);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            dropped += bytes.readableBytes();
            cameAt = System.nanoTime();
        }
        ReferenceCountUtil.release(message);
        if (dropped > MOST) {
            close();
        }
    }

    @Override
    public void look(long now) {
        if (now - cameAt >= QUIET || now - begun >= LONGEST) {
            close();
        }
    }

    private void closeOurSide() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            shutDownOutput();
        } else {
            var unused = tls.closeOutbound().addListener(told -> shutDownOutput());
        }
    }

    private void shutDownOutput() {
        if (channel instanceof DuplexChannel duplex && channel.isActive()) {
            var unused = duplex.shutdownOutput();
        }
    }

    /** Past whatever waits in the pipeline. */
    private void close() {
        channel.unsafe().close(channel.unsafe().voidPromise());
    }
}
