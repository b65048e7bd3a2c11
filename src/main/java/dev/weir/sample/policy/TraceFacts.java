package dev.weir.sample.policy;

/**
 * What is known of a held trace when it is decided. A borrowed window: valid during the call, never stored.
 *
 * <p>Times are nanoseconds since the Unix epoch, unsigned, as the spans say; a span that ends before it starts counts as
 * ending when it starts.
 */
public interface TraceFacts {

    /** First eight bytes of the trace id, big endian. */
    long traceIdHigh();

    /** Last eight bytes of the trace id, big endian. */
    long traceIdLow();

    /** 56 bits: {@code rv} of the trace state where a span has it, else the last seven bytes of the trace id. */
    long randomness();

    /**
     * Whether no span that could still come changes {@link #randomness}: one with {@code rv} has come. Without it no
     * decision that hangs on the randomness is certain early.
     */
    default boolean isRandomnessCertain() {
        return false;
    }

    /** One word of what {@code SpanMatcher.bits} said of each span, or-ed over the spans. */
    long bits(int word);

    /** One of what {@code SpanMatcher.count} said of each span, added up over the spans; stops at the greatest int. */
    int count(int index);

    int spans();

    /** Bytes of all spans, as they came. */
    long bytes();

    /** Spans whose status is error. */
    int errors();

    /** The least start. */
    long startNanos();

    /** The greatest end. */
    long endNanos();

    /** Whether a span without parent has come. */
    boolean rootSeen();

    /** Calls the visitor with each span, in the order of arrival. Costs a copy and a scan: only where a policy must. */
    void forEachSpan(SpanVisitor visitor);

    /** Sees the spans of a trace. */
    interface SpanVisitor {

        /**
         * @param span the body of the Span lies in it from {@code from} to {@code to}; reused after the call
         * @param resource the body of its Resource
         * @param scope the body of its InstrumentationScope
         * @return false to see no more
         */
        boolean visit(byte[] span, int from, int to, byte[] resource, byte[] scope);
    }
}
