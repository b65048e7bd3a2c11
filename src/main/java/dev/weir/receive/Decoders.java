package dev.weir.receive;

import dev.weir.pipeline.Refusal;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The few threads that do for big messages what would hold up an event loop and its other senders. */
final class Decoders {

    private static final int MOST_THREADS = 2;
    private static final int QUEUE = 64;

    private final ThreadPoolExecutor threads;

    Decoders() {
        // One core stays with the event loops.
        int count = Math.max(1, Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors() - 1));
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(count, count, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(QUEUE), task -> {
            Thread thread = new Thread(task, "weir-decoder-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        threads.allowCoreThreadTimeOut(true);
    }

    /** False, and nothing will be done, when too much waits already, or after {@link #close}. */
    boolean offer(Work work) {
        try {
            threads.execute(work);
            return true;
        } catch (RejectedExecutionException full) {
            return false;
        }
    }

    boolean isClosed() {
        return threads.isShutdown();
    }

    /** Refuses what still waits. */
    void close(Refusal refusal) {
        for (Runnable waiting : threads.shutdownNow()) {
            ((Work) waiting).refuse(refusal);
        }
    }

    /** One message's turn. */
    interface Work extends Runnable {

        /** Instead of running it. */
        void refuse(Refusal refusal);
    }
}
