/**
 * Consistent probability sampling: a trace is kept when its randomness is at least a threshold, so that all who sample it
 * agree. After the W3C's and OpenTelemetry's <i>TraceState: Probability Sampling</i>.
 */
@NullMarked
package dev.weir.sample.ratio;

import org.jspecify.annotations.NullMarked;
