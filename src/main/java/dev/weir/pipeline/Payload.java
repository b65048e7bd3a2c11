package dev.weir.pipeline;

/**
 * One {@code Export…ServiceRequest} on its way.
 *
 * @param signal which of the three requests the bytes are
 * @param bytes a valid request, exactly as long as the array; nobody changes it after receipt, so it may be shared and
 *     read by any number of threads. A stage that changes data writes new bytes.
 * @param items spans, data points or log records in it
 * @param sender who sent it
 * @param receivedNanos {@link System#nanoTime()} when its last byte had come
 * @param ack the return path; whoever holds the payload settles it or passes it on
 * @param plain whether receipt found no span with an attribute of which the first stage has something to do; false when
 *     that has not been looked for
 */
public record Payload(
        Signal signal, byte[] bytes, int items, Sender sender, long receivedNanos, Ack ack, boolean plain) {

    public Payload(Signal signal, byte[] bytes, int items, Sender sender, long receivedNanos, Ack ack) {
        this(signal, bytes, items, sender, receivedNanos, ack, false);
    }

    /** The same payload with other bytes, as a stage that changes data passes it on. */
    public Payload with(byte[] changed, int changedItems) {
        return new Payload(signal, changed, changedItems, sender, receivedNanos, ack);
    }
}
