package dev.weir.sample.policy;

/** What is wrong with the text of a condition, for people. */
final class ConditionException extends Exception {
    private static final long serialVersionUID = 1L;

    ConditionException(String message) {
        super(message);
    }
}
