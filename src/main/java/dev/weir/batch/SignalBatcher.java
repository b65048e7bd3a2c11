package dev.weir.batch;

import dev.weir.otlp.RequestBytes;
import dev.weir.otlp.RequestMerger;
import dev.weir.otlp.RequestSplitter;
import dev.weir.otlp.RequestSplitter.Part;
import dev.weir.otlp.RequestSplitter.TooScatteredException;
import dev.weir.pipeline.Batch;
import dev.weir.pipeline.Destination;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.MemoryBudget.Use;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Signal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The batch under construction of one signal. One lock, taken once a payload; a full batch is assembled under it, so
 * that batches reach the destinations in the order of their payloads.
 */
final class SignalBatcher {

    private static final Logger LOG = Logger.getLogger(SignalBatcher.class);

    private final Signal signal;
    private final long targetBytes;
    private final int maxMessageBytes;
    private final long maxAgeNanos;
    private final List<Destination> destinations;
    private final MemoryBudget budget;
    private final Ledger ledger;
    private final DrainRate rate;
    private final LongSupplier nanoClock;

    private final ReentrantLock lock = new ReentrantLock();
    private final RequestMerger open;
    private long openedNanos;
    private boolean closed;

    SignalBatcher(
            Signal signal,
            BatchConfig config,
            List<Destination> destinations,
            MemoryBudget budget,
            Ledger ledger,
            DrainRate rate,
            LongSupplier nanoClock) {
        this.signal = signal;
        this.destinations = destinations;
        this.budget = budget;
        this.ledger = ledger;
        this.rate = rate;
        this.nanoClock = nanoClock;
        this.maxMessageBytes = destinations.stream()
                .mapToInt(Destination::maxMessageSize)
                .min()
                .orElse(Integer.MAX_VALUE);
        this.targetBytes = Math.min(config.size().bytes(), maxMessageBytes);
        this.maxAgeNanos = config.age().toNanos();
        this.open = new RequestMerger(signal.requestType());
    }

    void accept(Payload payload) {
        if (destinations.isEmpty()) {
            ledger.dropped(signal, "no_destination", payload.items());
            payload.ack().accept();
            return;
        }
        byte[] bytes = payload.bytes();
        if (bytes.length < targetBytes && RequestMerger.worthMerging(signal.requestType(), bytes)) {
            settle(payload, gather(payload));
            return;
        }
        settle(payload, passThrough(payload));
    }

    private static void settle(Payload payload, @Nullable Refusal refusal) {
        if (refusal == null) {
            payload.ack().accept();
        } else {
            payload.ack().refuse(refusal);
        }
    }

    /** Sends what has been gathered, and refuses everything that still comes. */
    void close() {
        lock.lock();
        try {
            closed = true;
            sealOpen();
        } finally {
            lock.unlock();
        }
    }

    /** Sends what has been gathered, however small. */
    void seal() {
        lock.lock();
        try {
            sealOpen();
        } finally {
            lock.unlock();
        }
    }

    void sealIfAged() {
        lock.lock();
        try {
            if (!open.isEmpty() && nanoClock.getAsLong() - openedNanos >= maxAgeNanos) {
                sealOpen();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Joins the batch under construction. */
    private @Nullable Refusal gather(Payload payload) {
        int length = payload.bytes().length;
        lock.lock();
        try {
            if (closed) {
                return draining();
            }
            Refusal refusal = reserve(payload.items(), length);
            if (refusal != null) {
                return refusal;
            }
            if (open.bytes() + length > targetBytes) {
                sealOpen();
            }
            if (open.isEmpty()) {
                openedNanos = nanoClock.getAsLong();
            }
            try {
                open.add(payload.bytes(), payload.items());
            } catch (RuntimeException e) {
                unreserve(payload.items(), length);
                LOG.errorf(e, "a request of %d bytes passed the scan and cannot be merged", length);
                return Refusal.permanent(Refusal.Reason.INVALID, "the request cannot be merged with others");
            }
            ledger.delivered(signal, payload.items());
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** What fills a batch by itself goes as it came, in parts when it is over the message limit. */
    private @Nullable Refusal passThrough(Payload payload) {
        byte[] bytes = payload.bytes();
        long length;
        try {
            length = RequestSplitter.splitBytes(signal.requestType(), bytes, maxMessageBytes);
        } catch (TooScatteredException e) {
            return Refusal.permanent(Refusal.Reason.TOO_LARGE, String.valueOf(e.getMessage()));
        }
        if (!budget.tryReserve(Use.QUEUES, length)) {
            return length > mostBeside(bytes.length) ? neverFits(bytes.length, length) : noMemory();
        }
        List<Part> parts = List.of();
        try {
            // Only now, and outside the lock: it may take long.
            parts = bytes.length <= maxMessageBytes
                    ? List.of(new Part(bytes, payload.items()))
                    : RequestSplitter.split(signal.requestType(), bytes, maxMessageBytes);
        } catch (TooScatteredException e) {
            return Refusal.permanent(Refusal.Reason.TOO_LARGE, String.valueOf(e.getMessage()));
        } finally {
            budget.release(Use.QUEUES, length - bytesOf(parts));
        }
        Refusal refusal = pass(parts, payload.items());
        if (refusal != null) {
            budget.release(Use.QUEUES, bytesOf(parts));
        }
        return refusal;
    }

    /** After what came before. The parts are charged already, and stay so when they are refused. */
    private @Nullable Refusal pass(List<Part> parts, int items) {
        lock.lock();
        try {
            if (closed) {
                return draining();
            }
            Refusal refusal = reserveQueues(items, bytesOf(parts));
            if (refusal != null) {
                return refusal;
            }
            sealOpen();
            long now = nanoClock.getAsLong();
            for (Part part : parts) {
                enqueue(RequestBytes.of(part.bytes()), part.items(), part.bytes().length, now);
            }
            ledger.delivered(signal, items);
            return null;
        } finally {
            lock.unlock();
        }
    }

    private static long bytesOf(List<Part> parts) {
        long sum = 0;
        for (Part part : parts) {
            sum += part.bytes().length;
        }
        return sum;
    }

    /** The most that queues can ever have beside a request that was received and is not answered yet. */
    private long mostBeside(long received) {
        return budget.limit() - Math.max(budget.floor(Use.RECEIVE), received) - budget.floor(Use.HELD);
    }

    private static Refusal neverFits(long received, long parts) {
        return Refusal.permanent(
                Refusal.Reason.TOO_LARGE,
                "a request of " + received + " bytes needs another " + parts
                        + " for its way out, more than there is memory; send less at once, or raise weir.memory.limit");
    }

    /** Takes room everywhere before anything is taken, so that a refusal leaves no copy behind. */
    private @Nullable Refusal reserve(int items, long bytes) {
        if (!budget.tryReserve(Use.QUEUES, bytes)) {
            return noMemory();
        }
        Refusal refusal = reserveQueues(items, bytes);
        if (refusal != null) {
            budget.release(Use.QUEUES, bytes);
        }
        return refusal;
    }

    private @Nullable Refusal reserveQueues(int items, long bytes) {
        for (int i = 0; i < destinations.size(); i++) {
            if (!destinations.get(i).tryReserve(signal, items, bytes)) {
                unreserve(destinations.subList(0, i), items, bytes);
                return Refusal.retryable(
                        Refusal.Reason.QUEUE_FULL,
                        "the queue of destination " + destinations.get(i).name() + " is full",
                        rate.retryAfter(budget.used(Use.QUEUES)));
            }
        }
        return null;
    }

    private Refusal noMemory() {
        return Refusal.retryable(
                Refusal.Reason.MEMORY,
                "the memory for queues is used up; raise weir.memory.limit or mend the slow destination",
                rate.retryAfter(budget.used(Use.QUEUES)));
    }

    private void unreserve(int items, long bytes) {
        unreserve(destinations, items, bytes);
        budget.release(Use.QUEUES, bytes);
    }

    private void unreserve(List<Destination> from, int items, long bytes) {
        for (Destination destination : from) {
            destination.unreserve(signal, items, bytes);
        }
    }

    private static Refusal draining() {
        return Refusal.retryable(Refusal.Reason.DRAINING, "shutting down", Duration.ofSeconds(1));
    }

    private void sealOpen() {
        if (!open.isEmpty()) {
            long reserved = open.bytes();
            int items = open.items();
            enqueue(open.build(), items, reserved, openedNanos);
        }
    }

    /** An array that is shorter than its payloads were is charged as such; pieces of them hold them whole. */
    private void enqueue(RequestBytes bytes, int items, long reserved, long createdNanos) {
        long held = bytes.isArray() ? Math.min(reserved, bytes.length()) : reserved;
        budget.release(Use.QUEUES, reserved - held);
        Batch batch = new Batch(signal, bytes, items, createdNanos, destinations.size(), () -> {
            budget.release(Use.QUEUES, held);
            rate.drained(held);
        });
        for (Destination destination : destinations) {
            destination.enqueue(batch, reserved);
        }
    }
}
