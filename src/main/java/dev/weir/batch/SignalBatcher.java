package dev.weir.batch;

import dev.weir.otlp.RequestMerger;
import dev.weir.otlp.RequestSplitter;
import dev.weir.pipeline.Batch;
import dev.weir.pipeline.Destination;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.MemoryBudget.Use;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Signal;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The batch under construction of one signal. One lock, taken once a payload; a full batch is assembled under it, so
 * that batches reach the destinations in the order of their payloads.
 */
final class SignalBatcher {

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
        lock.lock();
        Refusal refusal;
        try {
            refusal = reserve(payload);
            if (refusal == null) {
                take(payload);
            }
        } finally {
            lock.unlock();
        }
        if (refusal == null) {
            payload.ack().accept();
        } else {
            payload.ack().refuse(refusal);
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

    /** Takes room everywhere before anything is taken, so that a refusal leaves no copy behind. */
    private @Nullable Refusal reserve(Payload payload) {
        long bytes = payload.bytes().length;
        if (!budget.tryReserve(Use.QUEUES, bytes)) {
            return Refusal.retryable(
                    Refusal.Reason.MEMORY,
                    "the memory for queues is used up; raise weir.memory.limit or mend the slow destination",
                    rate.retryAfter(budget.used(Use.QUEUES)));
        }
        for (int i = 0; i < destinations.size(); i++) {
            if (!destinations.get(i).tryReserve(signal, payload.items(), bytes)) {
                for (int j = 0; j < i; j++) {
                    destinations.get(j).unreserve(signal, payload.items(), bytes);
                }
                budget.release(Use.QUEUES, bytes);
                return Refusal.retryable(
                        Refusal.Reason.QUEUE_FULL,
                        "the queue of destination " + destinations.get(i).name() + " is full",
                        rate.retryAfter(budget.used(Use.QUEUES)));
            }
        }
        return null;
    }

    private void take(Payload payload) {
        int length = payload.bytes().length;
        if (open.bytes() + length > targetBytes) {
            sealOpen();
        }
        if (length >= targetBytes) {
            passThrough(payload);
        } else {
            if (open.isEmpty()) {
                openedNanos = nanoClock.getAsLong();
            }
            open.add(payload.bytes(), payload.items());
        }
        ledger.delivered(signal, payload.items());
    }

    /** A payload that fills a batch by itself goes as it came; only one over the message limit is split. */
    private void passThrough(Payload payload) {
        long now = nanoClock.getAsLong();
        byte[] bytes = payload.bytes();
        if (bytes.length <= maxMessageBytes) {
            enqueue(bytes, payload.items(), bytes.length, now);
            return;
        }
        List<RequestSplitter.Part> parts = RequestSplitter.split(signal.requestType(), bytes, maxMessageBytes);
        long reserved = bytes.length;
        for (int i = 0; i < parts.size(); i++) {
            RequestSplitter.Part part = parts.get(i);
            long share = i == parts.size() - 1 ? reserved : Math.min(reserved, part.bytes().length);
            enqueue(part.bytes(), part.items(), share, now);
            reserved -= share;
        }
    }

    private void sealOpen() {
        if (!open.isEmpty()) {
            long reserved = open.bytes();
            int items = open.items();
            enqueue(open.build(), items, reserved, openedNanos);
        }
    }

    private void enqueue(byte[] bytes, int items, long reserved, long createdNanos) {
        Batch batch = new Batch(signal, bytes, items, createdNanos, destinations.size(), () -> {
            budget.release(Use.QUEUES, reserved);
            rate.drained(reserved);
        });
        for (Destination destination : destinations) {
            destination.enqueue(batch, reserved);
        }
    }
}
