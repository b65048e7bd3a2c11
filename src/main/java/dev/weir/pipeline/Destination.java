package dev.weir.pipeline;

/**
 * Where batches go: one per configured destination, and the embedded store. Has a queue bounded in bytes.
 *
 * <p>The life of an item here, counted in {@link DestinationLedger}: enqueued by {@link #tryReserve}, then exactly one
 * of sent, rejected and dropped, and queued until then.
 */
public interface Destination {

    String name();

    boolean takes(Signal signal);

    /** No batch may be longer than this, in bytes. */
    int maxMessageSize();

    /**
     * Announces items that a batch under construction is about to hold, and counts them as enqueued. With
     * {@link WhenFull#REFUSE} takes room in the queue, and is false, with nothing taken and nothing counted, when there
     * is none. With {@link WhenFull#DROP} always true: {@link #enqueue} decides about the whole batch.
     */
    boolean tryReserve(Signal signal, int items, long bytes);

    /** Takes back a {@link #tryReserve} that was true, because another destination refused. */
    void unreserve(Signal signal, int items, long bytes);

    /**
     * Hands over a batch all of whose items were announced before. Never blocks, never refuses, may be called by any
     * thread. The destination calls {@link Batch#release} when the batch is sent, rejected or dropped.
     *
     * @param reservedBytes the sum of what {@link #tryReserve} took for what is in the batch
     */
    void enqueue(Batch batch, long reservedBytes);

    /** What a full queue does. */
    enum WhenFull {
        /** Drops whole batches for this destination alone, counted. */
        DROP,
        /** Refuses the payload, so that its sender tries again. */
        REFUSE
    }
}
