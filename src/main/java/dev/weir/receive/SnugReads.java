package dev.weir.receive;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;

/**
 * Keeps what was read in buffers of its own length, as grpc-java keeps slices of them until a message is whole. Netty reads
 * into buffers of up to 64 KiB, however little comes; and where it joins what is left of one with the next, it rounds the
 * length up to a power of two: the messages that a thousand senders leave half-sent would take twice what is charged for
 * them. On the connection's event loop.
 */
final class SnugReads extends ChannelInboundHandlerAdapter {

    /** The room that may be left over is this part of what was read. */
    private static final int LEFT_OVER = 4;

    private static final int SMALLEST = 1 << 10;

    private boolean joinsSnugly;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!joinsSnugly) {
            // with TLS it comes after the handshake
            Http2ConnectionHandler http2 = context.pipeline().get(Http2ConnectionHandler.class);
            if (http2 != null) {
                joinsSnugly = true;
                http2.setCumulator(SnugReads::join);
            }
        }
        if (message instanceof ByteBuf read
                && read.capacity() > SMALLEST
                && read.capacity() - read.readableBytes() > read.readableBytes() / LEFT_OVER) {
            ByteBuf snug = context.alloc().directBuffer(read.readableBytes());
            snug.writeBytes(read);
            read.release();
            context.fireChannelRead(snug);
        } else {
            context.fireChannelRead(message);
        }
    }

    /** What is left, and what came. Owns both, and returns what owns its bytes. */
    private static ByteBuf join(ByteBufAllocator allocator, ByteBuf left, ByteBuf came) {
        boolean fits = left.refCnt() == 1 && left.maxFastWritableBytes() >= came.readableBytes();
        if (left == came || !left.isReadable() || fits) {
            return ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, left, came);
        }
        ByteBuf both = allocator.directBuffer(left.readableBytes() + came.readableBytes());
        both.writeBytes(left).writeBytes(came);
        left.release();
        came.release();
        return both;
    }
}
