/**
 * Sampling: the stages between the doors and the batches that decide what is worth keeping.
 *
 * <p>{@code ratio} knows thresholds and randomness, and decides span by span; {@code policy} knows conditions; {@code tail}
 * holds traces and asks the policies. {@code tail} imports {@code policy}, both import {@code ratio}.
 */
@NullMarked
package dev.weir.sample;

import org.jspecify.annotations.NullMarked;
