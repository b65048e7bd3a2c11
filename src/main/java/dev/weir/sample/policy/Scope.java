package dev.weir.sample.policy;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which spans may fulfil the conditions of a policy together. */
enum Scope {
    /** Any spans of the trace, each condition another one. The default. */
    TRACE,
    /** One span that fulfils all. */
    SPAN,
    /** The root span. */
    ROOT;

    /** The scope in the map that a policy is; {@link #TRACE} when there is none. */
    static Scope read(YamlNode policy, PolicyReading in) {
        YamlNode scope = policy.entries.get("scope");
        if (scope == null) {
            return TRACE;
        }
        for (Scope each : values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(scope.text)) {
                return each;
            }
        }
        in.fault(scope, "scope must be trace, span or root, was " + scope.described());
        return TRACE;
    }

    /** The policy in this scope; null when it has none. */
    static @Nullable Policy apply(Scope scope, Policy policy, YamlNode node, PolicyReading in) {
        if (scope == TRACE) {
            return policy;
        }
        if (policy instanceof DropPolicy drop) {
            Policy inner = apply(scope, drop.policy(), node, in);
            return inner == null ? null : new DropPolicy(inner);
        }
        if (policy.spanCondition() == null) {
            in.fault(node, "a scope of span or root wants conditions about spans only, without a scope of their own");
            return null;
        }
        return new ScopedPolicy(scope, policy);
    }
}
