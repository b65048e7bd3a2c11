package dev.weir.sample.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads policies from YAML, and finds all faults at once. */
public final class PolicyReader {

    /** Most policies there may be. */
    public static final int MAX_POLICIES = 256;

    /** By which traces are kept or sampled out that no policy of the file decides about. */
    private static final Map<String, String> RESERVED = Map.of(
            Rules.NONE,
            "what no policy matches",
            "overload",
            "what is let go at the door",
            "fault",
            "what cannot be judged");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

    private final List<PolicyFault> faults = new ArrayList<>();
    private final List<PolicyConfig> policies = new ArrayList<>();

    private PolicyReader() {}

    /**
     * @param policies those without a fault of their own, in the order written
     * @param faults empty when the policies can be used
     */
    public record Result(List<PolicyConfig> policies, List<PolicyFault> faults) {}

    /** Reads a file of policies: a list, or a map whose only key is {@code policies}. */
    public static Result readFile(String yaml) {
        PolicyReader reader = new PolicyReader();
        YamlNode root = reader.parse(yaml);
        if (root != null && root.kind == YamlNode.Kind.MAP) {
            root.entries.forEach((key, value) -> {
                if (!key.equals("policies")) {
                    reader.fault(value, "", "a file of policies has only the key 'policies', not '" + key + "'");
                }
            });
            root = root.entries.get("policies");
        }
        return reader.read(root);
    }

    /** Reads the policies inside {@code weir.yaml}: {@code weir.sample.tail.policies}. */
    public static Result readConfiguration(String yaml) {
        PolicyReader reader = new PolicyReader();
        YamlNode root = reader.parse(yaml);
        return reader.read(root == null ? null : find(root, "weir.sample.tail.policies"));
    }

    /** What stands under the path; keys may hold several of its parts, with dots. */
    private static @Nullable YamlNode find(YamlNode node, String path) {
        YamlNode whole = node.entries.get(path);
        if (whole != null) {
            return whole;
        }
        for (Map.Entry<String, YamlNode> entry : node.entries.entrySet()) {
            String prefix = entry.getKey() + ".";
            if (path.startsWith(prefix)) {
                YamlNode found = find(entry.getValue(), path.substring(prefix.length()));
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private @Nullable YamlNode parse(String yaml) {
        try {
            return YamlNode.parse(yaml);
        } catch (YamlNode.BadYamlException e) {
            faults.add(new PolicyFault(e.line, e.column, "", String.valueOf(e.getMessage())));
            return null;
        }
    }

    private void fault(YamlNode at, String policy, String sentence) {
        faults.add(new PolicyFault(at.line, at.column, policy, sentence));
    }

    private Result read(@Nullable YamlNode list) {
        if (list == null || list.kind == YamlNode.Kind.LIST && list.items.isEmpty()) {
            if (faults.isEmpty()) {
                faults.add(new PolicyFault(
                        0, 0, "", "tail sampling has no policies and would drop everything; write at least one"));
            }
            return new Result(List.of(), faults);
        }
        if (list.kind != YamlNode.Kind.LIST) {
            fault(list, "", "policies must be a list, not " + list.described());
            return new Result(List.of(), faults);
        }
        if (list.items.size() > MAX_POLICIES) {
            fault(list, "", "there may be at most " + MAX_POLICIES + " policies, these are " + list.items.size());
            return new Result(List.of(), faults);
        }
        Set<String> names = new HashSet<>();
        for (YamlNode item : list.items) {
            policy(item, names);
        }
        PolicyChecks.check(policies, faults);
        return new Result(List.copyOf(policies), List.copyOf(faults));
    }

    private void policy(YamlNode node, Set<String> names) {
        YamlNode nameNode = node.entries.get("name");
        String name = nameNode == null || !nameNode.isScalar() ? "" : nameNode.text;
        if (node.kind == YamlNode.Kind.MAP) {
            if (nameNode == null) {
                fault(node, "", "a policy needs a name");
            } else if (!NAME.matcher(name).matches()) {
                fault(
                        nameNode,
                        "",
                        "a policy's name is 1 to 64 letters, digits, '-', '_' and '.', was " + nameNode.described());
            } else if (RESERVED.containsKey(name)) {
                fault(nameNode, name, "the name " + name + " stands for " + RESERVED.get(name) + ", choose another");
            } else if (!names.add(name)) {
                fault(nameNode, name, "there is another policy with this name");
            }
        }
        YamlNode shadowNode = node.entries.get("shadow");
        if (shadowNode != null && !shadowNode.isTruth()) {
            fault(shadowNode, name, "shadow must be true or false, was " + shadowNode.described());
        }
        boolean shadow = shadowNode != null && shadowNode.kind == YamlNode.Kind.TRUE;
        Policy policy = PolicyTypes.read(node, new PolicyReading(faults, name, 0));
        if (policy != null) {
            policies.add(new PolicyConfig(name, shadow, policy, node.line, node.column));
        }
    }
}
