package dev.weir.sample.policy;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A rate for each value of a key. Each thread remembers which rate the trace it decides is under, so that the spans are
 * looked at only once a decision.
 */
final class KeySource implements ThresholdSource {

    /** What one thread works with. */
    private static final class Scratch {
        final KeyValues values;

        @Nullable
        RateState state;

        Scratch(KeyValues values) {
            this.values = values;
        }
    }

    /** Keyed, so that no sender can choose values that share a rate. */
    private final long seed = ThreadLocalRandom.current().nextLong();

    private final ThreadLocal<Scratch> scratch;
    private final KeySettings settings;
    private volatile @Nullable KeyTable table;

    KeySource(KeySettings settings) {
        this.settings = settings;
        scratch = ThreadLocal.withInitial(() -> new Scratch(new KeyValues(settings.keys(), seed)));
    }

    @Override
    public long threshold(TraceFacts facts, long nowNanos) {
        Scratch own = scratch.get();
        RateState state = table().find(own.values.hash(facts), nowNanos);
        own.state = state;
        return state.threshold(facts, nowNanos);
    }

    @Override
    public boolean admits(TraceFacts facts, long nowNanos) {
        RateState state = scratch.get().state;
        return state == null || state.admits(facts, nowNanos);
    }

    @Override
    public boolean isProbabilityKnown(long nowNanos) {
        RateState state = scratch.get().state;
        return state == null || state.isProbabilityKnown();
    }

    /** How many combinations of values have a rate of their own. */
    int tracked() {
        KeyTable made = table;
        return made == null ? 0 : made.size();
    }

    /** Made with the first decision: rules are also compiled only to be checked. */
    private KeyTable table() {
        KeyTable running = table;
        return running == null ? start() : running;
    }

    private synchronized KeyTable start() {
        KeyTable running = table;
        if (running == null) {
            running = new KeyTable(settings.limits(), KeySettings.MOST_TRACKED);
            table = running;
        }
        return running;
    }
}
