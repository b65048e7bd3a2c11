package dev.weir.pipeline;

/** One step of the way. Owns a payload from {@link #accept} until it passes it on or settles its ack. */
public interface Stage {

    /** Never blocks and never throws: bad data settles the ack. Called by any event loop, concurrently. */
    void accept(Payload payload);

    /** Stops holding: decides, flushes, passes on. Returns when nothing is held any more or the deadline has passed. */
    void drain(Deadline deadline);
}
