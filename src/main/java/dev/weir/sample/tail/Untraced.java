package dev.weir.sample.tail;

import dev.weir.otlp.LogSamplingView;
import dev.weir.otlp.RequestRewriter;
import dev.weir.otlp.RequestRewriter.ItemEdit;
import dev.weir.pipeline.Ack;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Stage;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The log records of a request that have no trace to follow: they go on at once, in a request of their own. For one thread. */
final class Untraced {

    private static final Logger LOG = Logger.getLogger(Untraced.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final RequestRewriter rewriter = new RequestRewriter();
    private final LogSamplingView log = new LogSamplingView();
    private final MemoryBudget budget;
    private final Stage next;

    /** @param budget for the request of their own, until the next stage has taken it */
    Untraced(MemoryBudget budget, Stage next) {
        this.budget = budget;
        this.next = next;
    }

    /** Passes them on; returns why not, null when the next stage has taken them. */
    @Nullable
    Refusal pass(Payload payload) {
        int items = rewriter.plan(payload.bytes(), this::isUntraced);
        long charge = rewriter.isChanged() ? rewriter.length() : 0;
        if (!budget.tryReserve(MemoryBudget.Use.RECEIVE, charge)) {
            rewriter.forget();
            return Refusal.retryable(
                    Refusal.Reason.MEMORY, "no memory for the log records without a trace", RETRY_AFTER);
        }
        Outcome outcome = new Outcome();
        try {
            next.accept(new Payload(
                    payload.signal(), rewriter.build(), items, payload.sender(), payload.receivedNanos(), outcome));
            return outcome.refusal;
        } catch (RuntimeException | Error e) {
            if (!outcome.isSettled()) {
                throw e;
            }
            LOG.error("the next stage failed after it had answered", e);
            return outcome.refusal;
        } finally {
            budget.release(MemoryBudget.Use.RECEIVE, charge);
        }
    }

    private boolean isUntraced(byte[] request, int from, int to, ItemEdit edit) {
        return !log.reset(request, from, to).hasTraceId();
    }

    /** The next stage settles before it returns. */
    private static final class Outcome extends Ack {

        @Nullable
        Refusal refusal;

        @Override
        protected void onAccepted() {
            // the next stage has counted it
        }

        @Override
        protected void onRefused(Refusal why) {
            refusal = why;
        }
    }
}
