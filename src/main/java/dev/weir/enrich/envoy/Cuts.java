package dev.weir.enrich.envoy;

/** Takes the ranges of whole fields that are to be left out of a message. */
@FunctionalInterface
public interface Cuts {

    /**
     * Offsets into the request; the ranges of one message do not overlap, and come in any order.
     *
     * @param from inclusive
     * @param to exclusive
     */
    void cut(int from, int to);
}
