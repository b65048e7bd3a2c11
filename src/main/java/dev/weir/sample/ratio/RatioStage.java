package dev.weir.sample.ratio;

import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Signal;
import dev.weir.pipeline.Stage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a share of the spans and log records, by the randomness of their trace, so that all who sample the same trace agree.
 * A request that is kept whole and unchanged goes on as it came. Holds nothing.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/">Probability Sampling</a>
 */
public final class RatioStage implements Stage {

    /** The label of {@code sampled_out}. */
    static final String POLICY = "ratio";

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Stage next;
    private final MemoryBudget budget;
    private final Ledger ledger;
    private final ThreadLocal<ItemSampler> samplers = ThreadLocal.withInitial(ItemSampler::new);

    private volatile @Nullable RatioDecision traces;
    private volatile @Nullable RatioDecision logs;

    public RatioStage(RatioConfig config, MemoryBudget budget, Ledger ledger, Stage next) {
        this.budget = budget;
        this.ledger = ledger;
        this.next = next;
        configure(config);
    }

    /** Takes other shares, from the next request on. */
    public void configure(RatioConfig config) {
        traces = decision(config.traces(), config.mode());
        logs = decision(config.logs(), config.mode());
    }

    private static @Nullable RatioDecision decision(double ratio, RatioConfig.Mode mode) {
        return ratio == 1 ? null : new RatioDecision(ratio, mode);
    }

    @Override
    public void accept(Payload payload) {
        RatioDecision decision = switch (payload.signal()) {
            case TRACES -> traces;
            case LOGS -> logs;
            case METRICS -> null;
        };
        if (decision == null) {
            next.accept(payload);
        } else {
            sample(payload, decision);
        }
    }

    private void sample(Payload payload, RatioDecision decision) {
        Signal signal = payload.signal();
        ItemSampler sampler = samplers.get();
        int kept = sampler.plan(signal, payload.bytes(), decision);
        if (!sampler.isChanged() && !sampler.isIrregular()) {
            sampler.forget();
            next.accept(payload);
            return;
        }
        int left = payload.items() - kept;
        if (kept == 0) {
            sampler.forget();
            ledger.sampledOut(signal, POLICY, left);
            payload.ack().accept();
            return;
        }
        // The request as it came is charged until it is settled; so is, for as long, what it becomes.
        long charge = sampler.isChanged() ? sampler.length() : 0;
        if (!budget.tryReserve(MemoryBudget.Use.RECEIVE, charge)) {
            sampler.forget();
            payload.ack()
                    .refuse(Refusal.retryable(
                            Refusal.Reason.MEMORY, "no memory for the request without what is sampled out", RETRY));
            return;
        }
        SampledAck ack = new SampledAck(payload.ack(), signal, left, sampler, charge, budget, ledger);
        byte[] sampled;
        try {
            sampled = sampler.build();
        } catch (RuntimeException | Error e) { // no memory after all: whoever called tells the sender
            budget.release(MemoryBudget.Use.RECEIVE, charge);
            sampler.forget();
            throw e;
        }
        next.accept(new Payload(signal, sampled, kept, payload.sender(), payload.receivedNanos(), ack));
    }

    /** Nothing is held. */
    @Override
    public void drain(Deadline deadline) {}
}
