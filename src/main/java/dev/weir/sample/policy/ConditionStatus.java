package dev.weir.sample.policy;

/**
 * A condition of CEL in the rules in use.
 *
 * @param translated whether it needs no more than other policies; otherwise at least a part of it is evaluated over the
 *     spans
 * @param stats of the evaluations; all 0 when it is translated
 */
public record ConditionStatus(String source, boolean translated, ConditionStats stats) {}
