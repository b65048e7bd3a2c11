package dev.weir.sample.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The types of policies, by the key that stands for each in the configuration. A new one is registered here. */
final class PolicyTypes {

    /** Reads what stands under a type's key. */
    interface Type {
        /** Null when there are faults, which are reported. */
        @Nullable
        Policy read(YamlNode node, PolicyReading in);
    }

    private static final Map<String, Type> TYPES = new TreeMap<>(Map.ofEntries(
            Map.entry("always", AlwaysPolicy::read),
            Map.entry("and", AndPolicy::read),
            Map.entry("boolean", BooleanPolicy::read),
            Map.entry("canary", CanaryPolicy::read),
            Map.entry("cross-cluster", CrossClusterPolicy::read),
            Map.entry("cross-zone", CrossZonePolicy::read),
            Map.entry("composite", CompositePolicy::read),
            Map.entry("condition", ConditionPolicy::read),
            Map.entry("drop", DropPolicy::read),
            Map.entry("identity-mismatch", IdentityMismatchPolicy::read),
            Map.entry("latency", LatencyPolicy::read),
            Map.entry("not", NotPolicy::read),
            Map.entry("number", NumberPolicy::read),
            Map.entry("or", OrPolicy::read),
            Map.entry("passthrough", PassthroughPolicy::read),
            Map.entry("per-key", PerKeyPolicy::read),
            Map.entry("rate", RatePolicy::read),
            Map.entry("ratio", RatioPolicy::read),
            Map.entry("response-flags", ResponseFlagsPolicy::read),
            Map.entry("retries", RetriesPolicy::read),
            Map.entry("sampling-reason", SamplingReasonPolicy::read),
            Map.entry("span-count", SpanCountPolicy::read),
            Map.entry("status", StatusPolicy::read),
            Map.entry("string", StringPolicy::read),
            Map.entry("trace-flags", TraceFlagsPolicy::read),
            Map.entry("trace-state", TraceStatePolicy::read)));

    private static final List<String> BESIDE = List.of("name", "shadow", "scope");

    private PolicyTypes() {}

    /** All there are. */
    static Set<String> names() {
        return TYPES.keySet();
    }

    /** The policy in the map: one type's key, and a scope where one is wanted; null when there are faults. */
    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        if (node.kind != YamlNode.Kind.MAP) {
            in.fault(node, "a policy is a map such as { status: [error] }, not " + node.described());
            return null;
        }
        List<String> found = new ArrayList<>();
        node.entries.forEach((key, value) -> {
            if (TYPES.containsKey(key)) {
                found.add(key);
            } else if (!BESIDE.contains(key)) {
                in.fault(value, "there is no policy type '" + key + "', only " + String.join(", ", TYPES.keySet()));
            }
        });
        boolean onlyUnknown = found.isEmpty() && !BESIDE.containsAll(node.entries.keySet());
        if (found.size() != 1 && !onlyUnknown) {
            in.fault(
                    node,
                    "a policy has exactly one type, this one has "
                            + (found.isEmpty() ? "none" : String.join(" and ", found)));
        }
        List<Policy> policies = new ArrayList<>();
        found.forEach(key -> {
            Type type = TYPES.get(key);
            YamlNode value = node.entries.get(key);
            Policy policy = type == null || value == null ? null : type.read(value, in);
            if (policy != null) {
                policies.add(policy);
            }
        });
        Scope scope = Scope.read(node, in);
        return policies.size() == 1 ? Scope.apply(scope, policies.getFirst(), node, in) : null;
    }
}
