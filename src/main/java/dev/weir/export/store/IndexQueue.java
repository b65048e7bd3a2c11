package dev.weir.export.store;

import dev.weir.pipeline.Batch;
import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Destination.WhenFull;
import dev.weir.pipeline.DestinationLedger;
import dev.weir.pipeline.EventLog;
import dev.weir.pipeline.QueueRoom;
import dev.weir.pipeline.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Batches that wait to be indexed, bounded in bytes, and the one thread that does it: never a sender's event loop. */
final class IndexQueue implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(IndexQueue.class);

    /** For the batch that is being indexed when the store closes. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final QueueRoom room;
    private final Consumer<byte[]> index;
    private final EventLog log = new EventLog(LOG);
    private final EventLog errors = new EventLog(LOG::error, System::nanoTime, Duration.ofSeconds(30));
    private final ThreadPoolExecutor thread;

    /**
     * @param maxBytes the most bytes of batches that wait
     * @param index puts a request into the store; always the same thread
     */
    IndexQueue(long maxBytes, WhenFull whenFull, DestinationLedger ledger, Consumer<byte[]> index) {
        this.room = new QueueRoom(whenFull, maxBytes, ledger);
        this.index = index;
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("weir-store").factory(),
                (task, ended) -> dropOrRun(task));
    }

    boolean tryReserve(Signal signal, int items, long bytes) {
        return room.tryReserve(signal, items, bytes);
    }

    void unreserve(Signal signal, int items, long bytes) {
        room.unreserve(signal, items, bytes);
    }

    void enqueue(Batch batch, long reservedBytes) {
        if (room.enter(batch, reservedBytes)) {
            thread.execute(new Indexing(batch));
        } else {
            batch.release();
            log.warn("queue_full", "store: the queue is full, dropped a batch of " + batch.items() + " spans");
        }
    }

    /**
     * Waits until all that was enqueued before is indexed; at the deadline drops what is not. Blocks; not for event loops.
     */
    void drain(Deadline deadline) {
        CountDownLatch reached = new CountDownLatch(1);
        thread.execute(reached::countDown);
        try {
            if (reached.await(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        dropWaiting();
    }

    /** What waits, and what still comes, is dropped. */
    @Override
    public void close() {
        thread.shutdown();
        dropWaiting();
        try {
            if (!thread.awaitTermination(GRACE.toNanos(), TimeUnit.NANOSECONDS)) {
                log.warn("close", "store: a batch was not indexed in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void dropWaiting() {
        List<Runnable> waiting = new ArrayList<>();
        thread.getQueue().drainTo(waiting);
        waiting.forEach(IndexQueue::dropOrRun);
    }

    private static void dropOrRun(Runnable task) {
        if (task instanceof Indexing indexing) {
            indexing.drop("shutdown");
        } else {
            task.run(); // somebody waits for it
        }
    }

    private final class Indexing implements Runnable {
        private final Batch batch;

        Indexing(Batch batch) {
            this.batch = batch;
        }

        @Override
        public void run() {
            try {
                index.accept(batch.bytes().toArray());
            } catch (RuntimeException | Error e) { // bytes were validated at the door: a bug, but not the others' end
                errors.warn(e.getClass().toString(), "store: a bug, a batch could not be indexed: " + e);
                drop("internal_error");
                return;
            }
            room.sent(batch.signal(), batch.items(), 0);
            leave();
        }

        void drop(String reason) {
            room.dropped(batch.signal(), batch.items(), reason);
            leave();
        }

        private void leave() {
            room.leave(batch.bytes().length());
            batch.release();
        }
    }
}
