package dev.weir.sample.policy;

import dev.weir.sample.ratio.Threshold;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The policies, compiled: what {@link SpanMatcher}s look for in spans, and what a trace's fate is. Immutable but for the
 * statistics and the state of rates; used by many threads at once.
 *
 * <p>The first policy whose condition holds decides, drops before all others. A trace whose randomness is under that
 * policy's threshold is sampled out by it and does not go on to the next, or counts could not be scaled back. What fulfils
 * no condition is sampled out by the policy {@code none}.
 */
public final class Rules {

    /** Who samples out what no policy matches. */
    public static final String NONE = "none";

    private static final int COST_SAMPLING = 64;

    private final Rule[] rules;
    private final Rule[] shadows;
    private final SpanBits bits;
    private final int generation;
    private final LongSupplier ticker;
    private final int counts;
    private final PolicyStats none;

    private Rules(List<Rule> rules, SpanBits bits, @Nullable Rules previous, LongSupplier ticker) {
        this.rules = rules.toArray(Rule[]::new);
        this.shadows = rules.stream().filter(rule -> rule.shadow).toArray(Rule[]::new);
        this.bits = bits;
        this.generation = previous == null ? 1 : previous.generation + 1;
        this.none = previous == null ? new PolicyStats() : previous.none;
        this.ticker = ticker;
        this.counts = bits.counted().length;
    }

    /**
     * @param policies without faults, see {@code PolicyReader}
     * @param previous rules whose policies' state goes on where name and definition are the same; null for none
     * @param ticker nanoseconds, for what evaluations cost; usually {@link System#nanoTime}
     * @throws IllegalArgumentException when all policies together have more than 512 conditions about spans, or more than 4
     *     rates for each value of a key
     */
    public static Rules compile(List<PolicyConfig> policies, @Nullable Rules previous, LongSupplier ticker) {
        SpanBits bits = new SpanBits();
        List<Rule> rules = new ArrayList<>();
        policies.stream()
                .sorted(Comparator.comparing(policy -> !policy.isDrop()))
                .forEach(policy -> rules.add(new Rule(rules.size(), policy, bits, same(policy, previous))));
        bits.seal();
        if (bits.size() > SpanBits.MAX) {
            throw new IllegalArgumentException("the policies have " + bits.size()
                    + " different conditions about spans, at most " + SpanBits.MAX + " are possible");
        }
        int keySources = rules.stream().mapToInt(Rule::keySources).sum();
        if (keySources > KeySettings.MOST_POLICIES) {
            throw new IllegalArgumentException("per-key stands in the policies " + keySources + " times, at most "
                    + KeySettings.MOST_POLICIES + " are possible: each remembers the rates of "
                    + KeySettings.MOST_TRACKED + " values");
        }
        return new Rules(rules, bits, previous, ticker);
    }

    private static @Nullable Rule same(PolicyConfig policy, @Nullable Rules previous) {
        if (previous != null) {
            for (Rule rule : previous.rules) {
                if (rule.config.isSameAs(policy)) {
                    return rule;
                }
            }
        }
        return null;
    }

    /** A matcher for one thread. What it says of spans is for these rules only. */
    public SpanMatcher newMatcher() {
        return new SpanMatcher(new SpanProgram(bits));
    }

    /** How many words of {@link SpanMatcher#bits} are folded into a trace. */
    public int bitWords() {
        return bits.resultWords();
    }

    /** How many {@link SpanMatcher#count}s are folded into a trace. */
    public int counts() {
        return counts;
    }

    /** One more than the generation of the rules before; from 1. */
    public int generation() {
        return generation;
    }

    /** The policies in the order they are asked, drops first; what they did, and which can decide early. */
    public List<PolicyStatus> describe() {
        List<PolicyStatus> described = new ArrayList<>();
        for (int i = 0; i < rules.length; i++) {
            described.add(Earliness.of(rules[i], List.of(rules).subList(0, i)));
        }
        return described;
    }

    /** What no policy matched: evaluated and matched only. */
    public PolicyStats none() {
        return none;
    }

    /**
     * Decides about a trace. Statistics and rates learn of it only when it is decided.
     *
     * @param complete whether nothing more is waited for: then it always decides. Otherwise only when nothing that could
     *     still come would change whether the trace is kept, or its threshold
     * @param nowNanos any clock that does not go back, the same for all calls
     * @return whether it decided, and {@code out} says what
     */
    public boolean decide(TraceFacts facts, boolean complete, long nowNanos, Verdict out) {
        boolean measure = complete && out.decisions % COST_SAMPLING == 0;
        int decider = complete ? first(facts, measure) : certain(facts);
        if (decider < 0) {
            return false;
        }
        out.decisions++;
        int asked = Math.min(decider + 1, rules.length);
        for (int i = 0; i < asked; i++) {
            if (!rules[i].shadow) {
                rules[i].stats.evaluated.increment();
            }
        }
        if (decider == rules.length) {
            out.sampleOut(NONE, Threshold.NEVER);
            none.evaluated.increment();
            none.matched.increment();
        } else {
            settle(rules[decider], facts, nowNanos, out);
        }
        for (Rule shadow : shadows) {
            settleShadow(shadow, decider, facts, nowNanos, out);
        }
        return true;
    }

    /**
     * Whether nothing that could still come would change whether the trace is kept, or its threshold. Then {@link #decide}
     * may as well be asked now.
     */
    public boolean isCertain(TraceFacts facts) {
        return certain(facts) >= 0;
    }

    /** Index of the first policy whose condition holds; the number of policies when there is none. */
    private int first(TraceFacts facts, boolean measure) {
        for (int i = 0; i < rules.length; i++) {
            Rule rule = rules[i];
            if (rule.shadow) {
                continue;
            }
            long start = measure ? ticker.getAsLong() : 0;
            boolean holds = rule.test.outlook(facts, true) == TraceTest.YES;
            if (measure) {
                rule.stats.measured.increment();
                rule.stats.nanos.add(ticker.getAsLong() - start);
            }
            if (holds) {
                return i;
            }
        }
        return rules.length;
    }

    /**
     * Index of the policy that decides for certain, or −1: every policy before it that may still match has the same one
     * outcome.
     */
    private int certain(TraceFacts facts) {
        long agreed = -1;
        int decider = rules.length;
        for (int i = 0; i < rules.length && decider == rules.length; i++) {
            Rule rule = rules[i];
            int outlook = rule.shadow ? TraceTest.NO : rule.test.outlook(facts, false);
            if (outlook == TraceTest.NO) {
                continue;
            }
            long threshold = rule.outcome.least(facts);
            if (agreed >= 0 && agreed != threshold || threshold != rule.outcome.greatest(facts)) {
                return -1;
            }
            agreed = threshold;
            if (outlook == TraceTest.YES) {
                decider = i;
            }
        }
        if (decider == rules.length && agreed >= 0 && agreed != Threshold.NEVER) {
            return -1;
        }
        boolean needsDice = agreed > Threshold.ALWAYS && agreed < Threshold.NEVER;
        return needsDice && !facts.isRandomnessCertain() ? -1 : decider;
    }

    private static void settle(Rule rule, TraceFacts facts, long nowNanos, Verdict out) {
        Draw draw = out.draw;
        draw.clear();
        rule.outcome.resolve(facts, nowNanos, draw);
        long threshold = draw.threshold;
        if (!Threshold.keeps(facts.randomness(), threshold)) {
            out.sampleOut(rule.name, threshold);
        } else if (draw.admits(facts, nowNanos)) {
            out.keep(rule.name, threshold, draw.isProbabilityKnown(nowNanos));
        } else {
            out.sampleOut(rule.ceilingName, threshold);
        }
        count(rule.stats, facts, out.isKept());
    }

    private void settleShadow(Rule shadow, int decider, TraceFacts facts, long nowNanos, Verdict out) {
        shadow.stats.evaluated.increment();
        if (shadow.test.outlook(facts, true) != TraceTest.YES) {
            return;
        }
        Draw draw = out.draw;
        draw.clear();
        shadow.outcome.resolve(facts, nowNanos, draw);
        boolean keeps = Threshold.keeps(facts.randomness(), draw.threshold) && draw.admits(facts, nowNanos);
        count(shadow.stats, facts, keeps);
        boolean isBefore = decider == rules.length || shadow.index < rules[decider].index;
        if (isBefore && keeps != out.isKept()) {
            shadow.stats.changed.increment();
        }
    }

    private static void count(PolicyStats stats, TraceFacts facts, boolean kept) {
        stats.matched.increment();
        if (kept) {
            stats.kept.increment();
            stats.spans.add(facts.spans());
            stats.bytes.add(facts.bytes());
        }
    }
}
