package dev.weir.sample.tail;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory off the heap that is freed when its owner says so, not when the garbage collector comes by. Reading it after
 * {@link #free} is an error that nothing catches.
 */
final class Block {

    /** With cleaners, as the JVM gives them anyway: without, a native executable counts blocks among the network's buffers. */
    private static final UnpooledByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(true, true, false);

    /** In the platform's byte order; whoever has the block uses absolute positions only. */
    final ByteBuffer bytes;

    private final ByteBuf owner;

    /**
     * @param size bytes, exactly; their values are arbitrary
     * @throws OutOfMemoryError when the JVM has not so much direct memory
     */
    Block(int size) {
        owner = ALLOCATOR.directBuffer(size, size);
        bytes = owner.nioBuffer(0, size).order(ByteOrder.nativeOrder());
    }

    /** Bytes of all blocks that are not freed. */
    static long allocated() {
        return ALLOCATOR.metric().usedDirectMemory();
    }

    int size() {
        return bytes.capacity();
    }

    void free() {
        owner.release();
    }
}
