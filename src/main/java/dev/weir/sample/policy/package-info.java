/**
 * Policies: what a trace must be like to be kept, and how many of its kind. Pure: no threads, no clocks but those given.
 *
 * <p>The configuration is read into one record a policy type, compiled into {@code Rules}, and used in two places. While
 * spans arrive, a {@code SpanMatcher} reads each span once and says which conditions it fulfils, as bits; the bits are
 * or-ed over the trace. At the decision, {@code Rules} look at the bits, counts, minima and maxima ({@link
 * dev.weir.sample.policy.TraceFacts}), and nothing is parsed again unless a policy needs the spans.
 */
@NullMarked
package dev.weir.sample.policy;

import org.jspecify.annotations.NullMarked;
