package dev.weir.sample.policy;

import java.util.concurrent.atomic.LongAdder;

/** What a policy did since it came into the rules, over all reloads that left it as it was. Read at any time. */
public final class PolicyStats {

    final LongAdder evaluated = new LongAdder();
    final LongAdder matched = new LongAdder();
    final LongAdder kept = new LongAdder();
    final LongAdder spans = new LongAdder();
    final LongAdder bytes = new LongAdder();
    final LongAdder changed = new LongAdder();
    final LongAdder measured = new LongAdder();
    final LongAdder nanos = new LongAdder();

    PolicyStats() {}

    /** Traces it was asked about. */
    public long evaluated() {
        return evaluated.sum();
    }

    /** Traces that fulfilled its condition when it was asked: those it decided, or as a shadow would have. */
    public long matched() {
        return matched.sum();
    }

    /** Of those matched, the traces it kept, or as a shadow would have kept. */
    public long kept() {
        return kept.sum();
    }

    /** Spans of the traces it kept, or as a shadow would have kept. */
    public long spans() {
        return spans.sum();
    }

    /** Bytes of the spans of the traces it kept, or as a shadow would have kept. */
    public long bytes() {
        return bytes.sum();
    }

    /** Of a shadow: traces whose fate would have been the other one, had it not been a shadow. */
    public long changed() {
        return changed.sum();
    }

    /** Average nanoseconds of one evaluation, of one decision in 64; 0 while none was measured. */
    public double costNanos() {
        long count = measured.sum();
        return count == 0 ? 0 : (double) nanos.sum() / count;
    }
}
