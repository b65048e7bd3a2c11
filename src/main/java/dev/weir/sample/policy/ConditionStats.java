package dev.weir.sample.policy;

import java.util.concurrent.atomic.LongAdder;

/** What became of the evaluations of conditions that must see the spans again. Read at any time. */
public final class ConditionStats {

    final LongAdder evaluated = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder tooLarge = new LongAdder();

    ConditionStats() {}

    /** Evaluations, each a scan of a trace. */
    public long evaluated() {
        return evaluated.sum();
    }

    /** Evaluations that ended with an error, and counted as not fulfilled; those that ran too long among them. */
    public long failed() {
        return failed.sum();
    }

    /** Traces too large to be evaluated; they counted as not fulfilling the condition. */
    public long tooLarge() {
        return tooLarge.sum();
    }
}
