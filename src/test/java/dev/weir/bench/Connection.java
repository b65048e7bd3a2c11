package dev.weir.bench;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** A connection with its buffers: what has come and is not read yet, what is written and not sent yet. */
abstract class Connection implements Loop.Handler {

    private static final int BUFFER = 512 << 10;

    private final SocketChannel channel;
    private final SelectionKey key;

    /** What has come; in the state of being read. */
    final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER).flip();

    /** What is to be sent; in the state of being written. */
    final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);

    Connection(Loop loop, SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        key = loop.register(channel, SelectionKey.OP_READ, this);
    }

    /** Reads what it can of {@link #in}. */
    abstract void read() throws IOException;

    /** Writes what it can into {@link #out}. */
    abstract void write() throws IOException;

    /** The other side has closed. */
    abstract void ended();

    @Override
    public final void ready(SelectionKey ready) throws IOException {
        if (ready.isReadable()) {
            in.compact();
            int count;
            try {
                count = channel.read(in);
            } catch (IOException reset) {
                count = -1;
            }
            in.flip();
            if (count < 0) {
                close();
                ended();
                return;
            }
        }
        int before;
        do {
            before = in.remaining();
            read();
            flush();
        } while (in.remaining() < before && in.hasRemaining());
    }

    /** Writes and sends until there is nothing more, or no room. */
    final void flush() throws IOException {
        if (!channel.isOpen()) {
            return;
        }
        while (true) {
            write();
            if (out.position() == 0) {
                break;
            }
            out.flip();
            try {
                channel.write(out);
            } catch (IOException reset) {
                close();
                ended();
                return;
            }
            boolean all = !out.hasRemaining();
            out.compact();
            if (!all) {
                key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                return;
            }
        }
        key.interestOps(SelectionKey.OP_READ);
    }

    public final void close() throws IOException {
        key.cancel();
        channel.close();
    }

    final boolean isOpen() {
        return channel.isOpen();
    }
}
