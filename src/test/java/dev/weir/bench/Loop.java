package dev.weir.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** The one thread that does everything: it waits for connections and for the next thing that is due. */
final class Loop implements AutoCloseable {

    /** Handles a connection that can be read or written. */
    interface Handler {
        void ready(SelectionKey key) throws IOException;
    }

    /** What is done in time. */
    interface Task {
        /** It has ended. */
        long DONE = Long.MIN_VALUE;

        /** @return when to call it again, {@link System#nanoTime()}, or {@link #DONE} */
        long run(long now) throws IOException;
    }

    /** The selector's own waiting is in whole milliseconds: nearer than this the loop turns without waiting. */
    private static final long SPIN = 1_200_000;

    private static final long LONGEST_WAIT = 50;

    private final Selector selector;
    private long busy;

    Loop() {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SelectionKey register(SelectableChannel channel, int operations, Handler handler) throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector, operations, handler);
    }

    /** Turns until the task has ended. */
    void run(Task task) {
        try {
            long woken = System.nanoTime();
            while (true) {
                long next = task.run(woken);
                if (next == Task.DONE) {
                    return;
                }
                long done = System.nanoTime();
                long wait = next - done;
                int ready;
                if (wait > SPIN) {
                    busy += done - woken;
                    ready = selector.select(Math.max(1, Math.min(LONGEST_WAIT, wait / 1_000_000 - 1)));
                    woken = System.nanoTime();
                } else {
                    ready = selector.selectNow();
                    long now = System.nanoTime();
                    if (ready > 0 || wait <= 0) {
                        busy += now - woken;
                    }
                    woken = now;
                }
                if (ready > 0) {
                    for (SelectionKey key : selector.selectedKeys()) {
                        if (key.isValid()) {
                            ((Handler) key.attachment()).ready(key);
                        }
                    }
                    selector.selectedKeys().clear();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nanoseconds in which there was something to do, so far. */
    long busy() {
        return busy;
    }

    @Override
    public void close() {
        try {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
