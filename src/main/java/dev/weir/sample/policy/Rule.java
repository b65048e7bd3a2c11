package dev.weir.sample.policy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A policy, compiled: its condition, outcome, and what it keeps over reloads. */
final class Rule {

    /** Its place in the order in which they are asked. */
    final int index;

    final PolicyConfig config;
    final String name;
    final String ceilingName;
    final boolean shadow;
    final TraceTest test;
    final OutcomeRule outcome;
    final PolicyStats stats;
    private final List<ThresholdSource> sources;

    /** How many values of a key have a rate of their own; empty where none could. */
    OptionalInt keyValues() {
        return keySources() == 0
                ? OptionalInt.empty()
                : OptionalInt.of(sources.stream()
                        .mapToInt(source -> source instanceof KeySource keys ? keys.tracked() : 0)
                        .sum());
    }

    /** How many of what it keeps remember something for each value of a key. */
    int keySources() {
        return Math.toIntExact(
                sources.stream().filter(KeySource.class::isInstance).count());
    }

    /** @param previous a rule of the same name and definition, whose state goes on; null to begin anew */
    Rule(int index, PolicyConfig config, SpanBits bits, @Nullable Rule previous) {
        this.index = index;
        // the policy that was before is equal to the new one, and has counted
        Policy policy = previous == null ? config.policy() : previous.config.policy();
        this.config = new PolicyConfig(config.name(), config.shadow(), policy, config.line(), config.column());
        name = config.name();
        ceilingName = name + ".ceiling";
        shadow = config.shadow();
        test = TraceTest.of(policy.condition(), bits);
        stats = previous == null ? new PolicyStats() : previous.stats;
        sources = new ArrayList<>();
        // equal policies ask for their sources in the same order
        Iterator<ThresholdSource> running =
                previous == null ? List.<ThresholdSource>of().iterator() : previous.sources.iterator();
        outcome = OutcomeRule.of(policy.outcome(Policy::condition), bits, settings -> {
            ThresholdSource source = running.hasNext() ? running.next() : settings.start();
            sources.add(source);
            return source;
        });
    }
}
