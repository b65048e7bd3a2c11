package dev.weir.sample.tail;

import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Signal;
import java.util.Arrays;

/**
 * Spans or log records that were sampled out, by policy, gathered so that the ledger is told once a request or a round. For
 * one thread.
 */
final class SampledOut {

    private final PolicyNames names;
    private long[] items = new long[16];

    SampledOut(PolicyNames names) {
        this.names = names;
    }

    void add(int policy, long count) {
        if (policy >= items.length) {
            items = Arrays.copyOf(items, Math.max(policy + 1, 2 * items.length));
        }
        items[policy] += count;
    }

    void tell(Ledger ledger, Signal signal) {
        for (int i = 0; i < items.length; i++) {
            if (items[i] != 0) {
                ledger.sampledOut(signal, names.name(i), items[i]);
                items[i] = 0;
            }
        }
    }
}
