package dev.weir.sample.tail;

import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Signal;
import java.util.Arrays;

/** Spans that were sampled out, by policy, gathered so that the ledger is told once a request or a round. For one thread. */
final class SampledOut {

    private final PolicyNames names;
    private long[] spans = new long[16];

    SampledOut(PolicyNames names) {
        this.names = names;
    }

    void add(int policy, long count) {
        if (policy >= spans.length) {
            spans = Arrays.copyOf(spans, Math.max(policy + 1, 2 * spans.length));
        }
        spans[policy] += count;
    }

    void tell(Ledger ledger) {
        for (int i = 0; i < spans.length; i++) {
            if (spans[i] != 0) {
                ledger.sampledOut(Signal.TRACES, names.name(i), spans[i]);
                spans[i] = 0;
            }
        }
    }
}
