package dev.weir.sample.policy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the types of policies read themselves with: nested policies, values, and a place for faults. */
final class PolicyReading {

    static final int MAX_DEPTH = 16;

    private static final int MAX_REGEX = 1024;

    private final List<PolicyFault> faults;
    private final String name;
    private final int depth;

    PolicyReading(List<PolicyFault> faults, String name, int depth) {
        this.faults = faults;
        this.name = name;
        this.depth = depth;
    }

    void fault(YamlNode at, String sentence) {
        faults.add(new PolicyFault(at.line, at.column, name, sentence));
    }

    Keys keys(YamlNode node, String type, String... known) {
        return new Keys(node, type, this, known);
    }

    /** A policy inside a policy; null when it has a fault, which is reported. */
    @Nullable
    Policy policy(YamlNode node) {
        if (depth >= MAX_DEPTH) {
            fault(node, "policies are nested deeper than " + MAX_DEPTH + " levels");
            return null;
        }
        for (String key : List.of("name", "shadow")) {
            YamlNode value = node.entries.get(key);
            if (value != null) {
                fault(value, "'" + key + "' belongs to a policy as a whole, not inside one");
            }
        }
        Policy policy = PolicyTypes.read(node, new PolicyReading(faults, name, depth + 1));
        if (policy instanceof DropPolicy) {
            fault(node, "drop stands before all other policies, not inside one");
            return null;
        }
        return policy;
    }

    /** A list of at least one policy; those with faults are left out. */
    List<Policy> policies(YamlNode node, String type) {
        List<Policy> policies = new ArrayList<>();
        if (node.kind != YamlNode.Kind.LIST || node.items.isEmpty()) {
            fault(node, type + " wants a list of at least one policy, not " + node.described());
            return policies;
        }
        for (YamlNode item : node.items) {
            Policy policy = policy(item);
            if (policy != null) {
                policies.add(policy);
            }
        }
        return policies;
    }

    /** A list of texts, or one; none of them empty, and at least one. */
    List<String> texts(YamlNode node, String what, int most) {
        List<String> texts = new ArrayList<>();
        List<YamlNode> items = node.kind == YamlNode.Kind.LIST ? node.items : List.of(node);
        for (YamlNode item : items) {
            if (item.isScalar()) {
                texts.add(item.text);
            } else {
                fault(item, what + " must be a list of texts, but holds " + item.described());
            }
        }
        if (items.isEmpty() || items.size() > most) {
            fault(node, what + " must be a list of 1 to " + most + " texts, has " + items.size());
        }
        return texts;
    }

    /** Reports what is anything but true. */
    boolean isTrue(YamlNode node, String type) {
        boolean isTrue = node.kind == YamlNode.Kind.TRUE;
        if (!isTrue) {
            fault(node, type + " must be true, was " + node.described() + "; leave the policy out instead");
        }
        return isTrue;
    }

    Optional<BigDecimal> number(YamlNode node) {
        if (node.kind != YamlNode.Kind.NUMBER || node.text.length() > 64) {
            return Optional.empty();
        }
        try {
            BigDecimal number = new BigDecimal(node.text.replace("_", ""));
            return Math.abs((long) number.scale()) > 400 ? Optional.empty() : Optional.of(number);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** A pattern RE2 accepts, and of bounded size; empty when it is neither. */
    Optional<String> regex(YamlNode node, String regex) {
        if (regex.length() > MAX_REGEX || RegexSize.of(regex) > RegexSize.MAX) {
            fault(
                    node,
                    "the pattern is too large: at most " + MAX_REGEX + " characters, and " + RegexSize.MAX
                            + " when repetitions are written out");
            return Optional.empty();
        }
        try {
            Pattern.compile(regex);
            return Optional.of(regex);
        } catch (PatternSyntaxException e) {
            fault(node, "RE2 does not accept the pattern '" + regex + "': " + e.getDescription());
        } catch (RuntimeException | StackOverflowError e) {
            fault(node, "RE2 does not accept the pattern '" + regex + "'");
        }
        return Optional.empty();
    }
}
