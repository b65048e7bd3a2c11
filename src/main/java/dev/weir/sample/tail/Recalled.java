package dev.weir.sample.tail;

import java.time.Instant;

/**
 * What is still known of a decision whose full explanation is not, or of a trace that was let go at the door and never had
 * one.
 *
 * @param policy which policy decided; {@code none} when none matched
 * @param threshold T, 56 bits, to four hexadecimal digits
 * @param isProbabilityKnown false when a ceiling acted in that interval
 * @param isAtDoor whether it came when memory was short, and lost the dice before it was held
 * @param decidedAt wall clock, to a second
 */
public record Recalled(
        boolean kept, String policy, long threshold, boolean isProbabilityKnown, boolean isAtDoor, Instant decidedAt) {}
