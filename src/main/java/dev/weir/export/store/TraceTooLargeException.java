package dev.weir.export.store;

/** A trace with more spans than are read at once. The message is for people, and says what to do. */
public final class TraceTooLargeException extends RuntimeException {

    private static final long serialVersionUID = 1;

    TraceTooLargeException(TraceId id, long maxReadBytes) {
        super(
                "trace %s has more than %d MiB of spans, the most that is read at once (an eighth of weir.store.size, at least 4 MiB); "
                                .formatted(id, maxReadBytes >> 20)
                        + "a search tells of its first spans, a larger weir.store.size allows more");
    }
}
