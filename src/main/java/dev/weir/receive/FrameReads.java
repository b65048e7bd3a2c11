package dev.weir.receive;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;

/**
 * Reads as much at once as fills, with what may be left of the read before, a buffer of 128 KiB: Netty's pool has buffers of
 * that length, and rounds what is a little longer up by a quarter. See {@link SnugReads}.
 */
final class FrameReads extends AdaptiveRecvByteBufAllocator {

    private static final int BUFFER = 128 << 10;
    /** Of HTTP/2, with its header. */
    private static final int LONGEST_FRAME = (16 << 10) + 9;

    private static final int FIRST = 2 << 10;
    private static final int SMALLEST = 64;

    FrameReads() {
        super(SMALLEST, FIRST, BUFFER);
    }

    @Override
    @SuppressWarnings("deprecation")
    public Handle newHandle() {
        return new DelegatingHandle(super.newHandle()) {
            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                return allocator.ioBuffer(Math.min(guess(), BUFFER - LONGEST_FRAME));
            }
        };
    }
}
