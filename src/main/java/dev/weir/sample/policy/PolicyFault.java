package dev.weir.sample.policy;

/**
 * What is wrong with the policies.
 *
 * @param line where, from 1; 0 when unknown
 * @param column from 1
 * @param policy the name of the policy; empty when it is about none
 * @param sentence what is wrong and what to do
 */
public record PolicyFault(int line, int column, String policy, String sentence) {

    @Override
    public String toString() {
        String where = line > 0 ? "line " + line + ", column " + column + ": " : "";
        return where + (policy.isEmpty() ? "" : "policy '" + policy + "': ") + sentence;
    }
}
