package dev.weir.sample.ratio;

import dev.weir.otlp.LogSamplingView;
import dev.weir.otlp.OtelTraceState;
import dev.weir.otlp.RequestRewriter;
import dev.weir.otlp.RequestRewriter.ItemEdit;
import dev.weir.otlp.RequestRewriter.ItemEditor;
import dev.weir.otlp.SpanSamplingView;
import dev.weir.pipeline.Signal;

/** Decides about the items of one request after another. For one thread; allocates nothing for an item. */
final class ItemSampler {

    private final RequestRewriter rewriter = new RequestRewriter();
    private final SpanSamplingView span = new SpanSamplingView();
    private final LogSamplingView log = new LogSamplingView();
    private final ItemEditor editSpan = this::editSpan;
    private final ItemEditor editLog = this::editLog;

    private RatioDecision decision = new RatioDecision(1, RatioConfig.Mode.EQUALIZING);
    private int unwritable;
    private int inconsistent;
    private int withoutTraceId;

    /** Decides about all items; returns how many stay. */
    int plan(Signal signal, byte[] request, RatioDecision by) {
        decision = by;
        unwritable = inconsistent = withoutTraceId = 0;
        return rewriter.plan(request, signal == Signal.TRACES ? editSpan : editLog);
    }

    boolean isChanged() {
        return rewriter.isChanged();
    }

    boolean isIrregular() {
        return (unwritable | inconsistent | withoutTraceId) != 0;
    }

    /** Items that are kept and should have another {@code th}, which their trace state has no place for. */
    int unwritable() {
        return unwritable;
    }

    /** Items that are kept and came with a {@code th} by which they would not have been kept; they lose it. */
    int inconsistent() {
        return inconsistent;
    }

    /** Log records that have no randomness, and so are kept. */
    int withoutTraceId() {
        return withoutTraceId;
    }

    long length() {
        return rewriter.length();
    }

    byte[] build() {
        return rewriter.build();
    }

    void forget() {
        rewriter.forget();
    }

    private boolean editSpan(byte[] request, int from, int to, ItemEdit edit) {
        OtelTraceState state = span.reset(request, from, to).traceState();
        long randomness = state.hasRandomness() ? state.randomness() : Threshold.randomnessOf(span.traceIdLow());
        long incoming = state.threshold();
        boolean isInconsistent = !Threshold.keeps(randomness, incoming);
        long threshold = decision.outgoing(isInconsistent ? OtelTraceState.NO_THRESHOLD : incoming);
        if (!Threshold.keeps(randomness, threshold)) {
            return false;
        }
        if (isInconsistent) {
            inconsistent++;
            span.setThreshold(OtelTraceState.NO_THRESHOLD, edit);
        } else if (threshold != incoming && !span.setThreshold(threshold, edit)) {
            unwritable++;
            if (incoming >= 0) {
                // No probability is better than one that is too high.
                span.setThreshold(OtelTraceState.NO_THRESHOLD, edit);
            }
        }
        return true;
    }

    private boolean editLog(byte[] request, int from, int to, ItemEdit edit) {
        log.reset(request, from, to);
        long randomness = log.randomness();
        if (randomness < 0) {
            if (!log.hasTraceId()) {
                withoutTraceId++;
                return true;
            }
            randomness = Threshold.randomnessOf(log.traceIdLow());
        }
        long incoming = log.threshold();
        boolean isInconsistent = !Threshold.keeps(randomness, incoming);
        long threshold = decision.outgoing(isInconsistent ? OtelTraceState.NO_THRESHOLD : incoming);
        if (!Threshold.keeps(randomness, threshold)) {
            return false;
        }
        if (log.isMalformed()) {
            unwritable++;
        } else if (isInconsistent) {
            inconsistent++;
            log.setThreshold(OtelTraceState.NO_THRESHOLD, edit);
        } else if (threshold != incoming) {
            log.setThreshold(threshold, edit);
        }
        return true;
    }
}
