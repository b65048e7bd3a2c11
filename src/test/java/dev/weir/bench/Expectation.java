package dev.weir.bench;

/**
 * What should arrive.
 *
 * @param kept share of the traces that is kept; 1 when nothing is sampled
 * @param held seconds for which spans may be held
 * @param mayRefuse whether refusals are part of what is looked at
 */
record Expectation(double kept, int held, boolean mayRefuse) {}
