package dev.weir.sample.tail;

import dev.weir.sample.policy.PolicyConfig;
import dev.weir.sample.policy.PolicyFault;
import dev.weir.sample.policy.PolicyReader;
import dev.weir.sample.policy.Rules;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Makes rules of a file of policies, or of those inside {@code weir.yaml}. */
public final class RulesReading implements PolicyFile.Reading<Rules> {

    private final boolean isConfiguration;
    private final LongSupplier ticker;
    private List<PolicyConfig> last = List.of();

    /**
     * @param isConfiguration whether the policies are {@code weir.sample.tail.policies} of a {@code weir.yaml}
     * @param ticker nanoseconds, for what evaluations cost
     */
    public RulesReading(boolean isConfiguration, LongSupplier ticker) {
        this.isConfiguration = isConfiguration;
        this.ticker = ticker;
    }

    /** The previous rules when the policies are the same and only what is around them changed. */
    @Override
    public Rules read(String yaml, @Nullable Rules previous) throws FaultyPoliciesException {
        PolicyReader.Result result =
                isConfiguration ? PolicyReader.readConfiguration(yaml) : PolicyReader.readFile(yaml);
        if (!result.faults().isEmpty()) {
            throw new FaultyPoliciesException(
                    result.faults().stream().map(PolicyFault::toString).toList());
        }
        List<PolicyConfig> policies =
                result.policies().stream().map(RulesReading::anywhere).toList();
        if (previous != null && policies.equals(last)) {
            return previous;
        }
        try {
            Rules rules = Rules.compile(result.policies(), previous, ticker);
            TraceWords.size(rules.bitWords(), rules.counts()); // what does not fit must not become the rules
            last = policies;
            return rules;
        } catch (IllegalArgumentException e) {
            throw new FaultyPoliciesException(List.of(String.valueOf(e.getMessage())));
        }
    }

    /** Every fault, one sentence each; empty when the policies can be used. */
    public static List<String> faults(String yaml, boolean isConfiguration) {
        try {
            new RulesReading(isConfiguration, () -> 0).read(yaml, null);
            return List.of();
        } catch (FaultyPoliciesException e) {
            return e.faults();
        }
    }

    private static PolicyConfig anywhere(PolicyConfig policy) {
        return new PolicyConfig(policy.name(), policy.shadow(), policy.policy(), 0, 0);
    }
}
