package dev.weir.sample.ratio;

import dev.weir.pipeline.Ack;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Signal;

/** Counts what was sampled out once the rest is taken: what is refused comes again, and would be counted again. */
final class SampledAck extends Ack {

    private final Ack sender;
    private final Signal signal;
    private final int sampledOut;
    private final int unwritable;
    private final int inconsistent;
    private final int withoutTraceId;
    private final long charge;
    private final MemoryBudget budget;
    private final Ledger ledger;

    /**
     * @param sender whom to answer
     * @param sampler with the counts of this request
     * @param charge bytes of {@link MemoryBudget.Use#RECEIVE} to give back
     */
    SampledAck(
            Ack sender,
            Signal signal,
            int sampledOut,
            ItemSampler sampler,
            long charge,
            MemoryBudget budget,
            Ledger ledger) {
        this.sender = sender;
        this.signal = signal;
        this.sampledOut = sampledOut;
        this.unwritable = sampler.unwritable();
        this.inconsistent = sampler.inconsistent();
        this.withoutTraceId = sampler.withoutTraceId();
        this.charge = charge;
        this.budget = budget;
        this.ledger = ledger;
    }

    @Override
    protected void onAccepted() {
        budget.release(MemoryBudget.Use.RECEIVE, charge);
        if (sampledOut > 0) {
            ledger.sampledOut(signal, RatioStage.POLICY, sampledOut);
        }
        irregular("th_unwritable", unwritable);
        irregular("th_inconsistent", inconsistent);
        irregular("no_trace_id", withoutTraceId);
        sender.accept();
    }

    @Override
    protected void onRefused(Refusal refusal) {
        budget.release(MemoryBudget.Use.RECEIVE, charge);
        sender.refuse(refusal);
    }

    private void irregular(String reason, int items) {
        if (items > 0) {
            ledger.irregular(signal, reason, items);
        }
    }
}
