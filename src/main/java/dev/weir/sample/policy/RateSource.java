package dev.weir.sample.policy;

/** One rate for everything that a policy matches. */
final class RateSource implements ThresholdSource {

    private final RateLimits limits;
    private volatile @org.jspecify.annotations.Nullable RateState state;

    RateSource(RateLimits limits) {
        this.limits = limits;
    }

    @Override
    public long threshold(TraceFacts facts, long nowNanos) {
        return state(nowNanos).threshold(facts, nowNanos);
    }

    @Override
    public boolean admits(TraceFacts facts, long nowNanos) {
        return state(nowNanos).admits(facts, nowNanos);
    }

    @Override
    public boolean isProbabilityKnown(long nowNanos) {
        return state(nowNanos).isProbabilityKnown();
    }

    /** It begins with the first decision: no clock is asked before. */
    private RateState state(long nowNanos) {
        RateState running = state;
        return running == null ? start(nowNanos) : running;
    }

    private synchronized RateState start(long nowNanos) {
        RateState running = state;
        if (running == null) {
            running = new RateState(limits, nowNanos);
            state = running;
        }
        return running;
    }
}
