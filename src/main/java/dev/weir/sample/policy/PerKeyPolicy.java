package dev.weir.sample.policy;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code per-key: { keys: [service.name, http.route], spans-per-second: 200 }}: a rate for each combination of values of
 * these keys, so that what is rare is kept whole beside what is frequent.
 */
record PerKeyPolicy(KeySettings settings) implements Policy {

    private static final int MOST_KEYS = 8;

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        Keys keys = in.keys(node, "per-key", "keys", "spans-per-second", "burst");
        List<String> names = keys.texts("keys");
        if (node.kind == YamlNode.Kind.MAP) {
            if (!keys.has("keys")) {
                keys.fault("per-key needs the key 'keys', a list of attributes");
            }
            if (!keys.has("spans-per-second")) {
                keys.fault("per-key needs the key 'spans-per-second'");
            }
        }
        Set<String> distinct = new TreeSet<>(names);
        boolean fit = !names.isEmpty() && names.size() <= MOST_KEYS;
        if (keys.has("keys") && (!fit || distinct.size() < names.size() || distinct.contains(""))) {
            keys.fault("per-key's keys must be 1 to " + MOST_KEYS + " different names of attributes");
            return null;
        }
        Optional<Double> spans = RatePolicy.spansPerSecond(keys, "per-key");
        OptionalLong burst = RatePolicy.burst(keys, "per-key");
        if (!fit || spans.isEmpty() || burst.isEmpty()) {
            return null;
        }
        RateLimits limits = new RateLimits(spans.get(), Double.POSITIVE_INFINITY, burst.getAsLong());
        return new PerKeyPolicy(new KeySettings(names, limits));
    }

    @Override
    public TraceCondition condition() {
        return new TraceCondition.Always();
    }

    @Override
    public SpanCondition spanCondition() {
        return new SpanCondition.And();
    }

    @Override
    public Outcome outcome(Function<Policy, TraceCondition> conditions) {
        return new Outcome.Chosen(settings);
    }

    @Override
    public boolean isProbabilistic() {
        return true;
    }
}
