package dev.weir.sample.policy;

import java.util.List;
import java.util.OptionalInt;

/**
 * A policy of the rules in use.
 *
 * @param decidesEarly whether it can decide a trace before the wait is over
 * @param why when that is, or what it waits for; a sentence
 * @param conditions those of CEL in it
 * @param keyValues how many values of a key have a rate of their own; empty where none could
 */
public record PolicyStatus(
        String name,
        boolean drop,
        boolean shadow,
        boolean decidesEarly,
        String why,
        List<ConditionStatus> conditions,
        OptionalInt keyValues,
        PolicyStats stats) {}
