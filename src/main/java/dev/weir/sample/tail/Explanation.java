package dev.weir.sample.tail;

import java.time.Instant;

/**
 * Why a trace was kept or dropped.
 *
 * @param policy which policy decided; {@code none} when none matched
 * @param generation of the rules, from 1, one more for each change
 * @param threshold T, 56 bits: the trace was held against it; 0 for certain
 * @param isProbabilityKnown false when a ceiling acted in that interval
 * @param reason why it was decided then
 * @param decidedAt wall clock
 * @param spans that the decision was about
 * @param bytes of these spans, as they came
 * @param lateSpans that came after it
 */
public record Explanation(
        boolean kept,
        String policy,
        int generation,
        long threshold,
        boolean isProbabilityKnown,
        Reason reason,
        Instant decidedAt,
        int spans,
        long bytes,
        long lateSpans) {

    /** The share of such traces that is kept, by this decision alone: 2<sup>−56</sup> to 1. */
    public double probability() {
        return 1 - threshold * 0x1p-56;
    }
}
