package dev.weir.enrich;

import dev.weir.pipeline.Ack;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Signal;

/** Counts what was dropped once the rest is taken: what is refused comes again, and would be counted again. */
final class EnrichAck extends Ack {

    private final Ack sender;
    private final Signal signal;
    private final int dropped;
    private final long charge;
    private final MemoryBudget budget;
    private final Ledger ledger;

    /**
     * @param sender whom to answer
     * @param dropped items of the sender's request that are not in what was passed on
     * @param charge bytes of {@link MemoryBudget.Use#RECEIVE} to give back
     */
    EnrichAck(Ack sender, Signal signal, int dropped, long charge, MemoryBudget budget, Ledger ledger) {
        this.sender = sender;
        this.signal = signal;
        this.dropped = dropped;
        this.charge = charge;
        this.budget = budget;
        this.ledger = ledger;
    }

    @Override
    protected void onAccepted() {
        budget.release(MemoryBudget.Use.RECEIVE, charge);
        if (dropped > 0) {
            ledger.dropped(signal, EnrichStage.SELF_TELEMETRY, dropped);
        }
        sender.accept();
    }

    @Override
    protected void onRefused(Refusal refusal) {
        budget.release(MemoryBudget.Use.RECEIVE, charge);
        sender.refuse(refusal);
    }
}
