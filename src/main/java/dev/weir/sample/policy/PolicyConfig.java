package dev.weir.sample.policy;

/**
 * A policy with its name.
 *
 * @param shadow evaluated and counted, without effect
 * @param line where it begins in its file, from 1; 0 when it stands in none
 * @param column from 1
 */
public record PolicyConfig(String name, boolean shadow, Policy policy, int line, int column) {

    public PolicyConfig(String name, Policy policy) {
        this(name, false, policy, 0, 0);
    }

    /** Equal in name and definition, wherever it stands: it keeps its state over a reload. */
    boolean isSameAs(PolicyConfig other) {
        return name.equals(other.name) && policy.equals(other.policy);
    }

    boolean isDrop() {
        return policy instanceof DropPolicy;
    }
}
