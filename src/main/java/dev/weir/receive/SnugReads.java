package dev.weir.receive;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;

/**
 * Keeps what was read in buffers of its own length, as grpc-java keeps slices of them until a message is whole. Netty reads
 * into buffers of up to 64 KiB, however little comes; and where it joins what is left of one with the next, it rounds the
 * length up to a power of two: the messages that a thousand senders leave half-sent would take twice what is charged for
 * them. What came with it in a read may be frames of types that nobody knows, and then a frame of one byte would keep all of
 * them: a short one is copied. On the connection's event loop.
 */
final class SnugReads extends ChannelInboundHandlerAdapter {

    /** The room that may be left over is this part of what was read. */
    private static final int LEFT_OVER = 4;

    /** A frame that is less than this part of the buffer that it came in is copied. */
    private static final int SHORT = 4;

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
                http2.decoder().frameListener(new SnugFrames(http2.decoder().frameListener()));
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

    /** Hands on the payloads of DATA. */
    private static final class SnugFrames extends Http2FrameListenerDecorator {

        SnugFrames(Http2FrameListener listener) {
            super(listener);
        }

        @Override
        public int onDataRead(ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean endOfStream)
                throws Http2Exception {
            int length = data.readableBytes();
            // the last of a call is not kept: its message is whole, or the call is over
            if (endOfStream || length == 0 || length >= pinned(data) / SHORT) {
                return super.onDataRead(context, stream, data, padding, endOfStream);
            }
            ByteBuf snug = context.alloc().directBuffer(length);
            try {
                snug.writeBytes(data, data.readerIndex(), length);
                return super.onDataRead(context, stream, snug, padding, false);
            } finally {
                snug.release();
            }
        }

        /** The length of the buffer that a slice of it keeps. */
        private static int pinned(ByteBuf slice) {
            ByteBuf whole = slice;
            for (ByteBuf around = slice.unwrap(); around != null; around = around.unwrap()) {
                whole = around;
            }
            return whole.capacity();
        }
    }
}
