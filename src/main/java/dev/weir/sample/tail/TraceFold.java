package dev.weir.sample.tail;

/**
 * Takes into a trace's record what spans of one request say of it: put together first, so that the record is touched once
 * for all of them. One for each shard, under its lock.
 */
final class TraceFold {

    private final TraceRecords records;

    TraceFold(TraceRecords records) {
        this.records = records;
    }

    /**
     * Takes in the spans at {@code from} to {@code to - 1}, which are all of the trace.
     *
     * @return their {@link SpanFlags}, or-ed
     */
    int fold(int trace, Arrivals arrivals, int from, int to) {
        long start = -1;
        long end = 0;
        int errors = 0;
        int flags = 0;
        for (int p = from; p < to; p++) {
            int i = arrivals.at(p);
            long itsStart = arrivals.get(i, Arrivals.START);
            long itsEnd = arrivals.get(i, Arrivals.END);
            start = Long.compareUnsigned(itsStart, start) < 0 ? itsStart : start;
            end = Long.compareUnsigned(itsEnd, end) > 0 ? itsEnd : end;
            int f = arrivals.flags(i);
            errors += (f & SpanFlags.ERROR) != 0 ? 1 : 0;
            flags |= f;
        }
        records.foldSpans(trace, start, end, errors, (flags & SpanFlags.ROOT) != 0 ? TraceRecords.ROOT_SEEN : 0);
        if ((flags & (SpanFlags.RANDOMNESS | SpanFlags.THRESHOLD)) != 0) {
            for (int p = from; p < to; p++) {
                state(trace, arrivals, arrivals.at(p));
            }
        }
        if (records.generation(trace) == arrivals.generation()
                && records.words().generation() == arrivals.generation()) {
            words(trace, arrivals, from, to);
        } else {
            records.outdate(trace); // the spans were read by other rules than the trace's others
        }
        return flags;
    }

    private void words(int trace, Arrivals arrivals, int from, int to) {
        for (int w = 0; w < arrivals.bitWords(); w++) {
            long bits = 0;
            for (int p = from; p < to; p++) {
                bits |= arrivals.bits(arrivals.at(p), w);
            }
            records.words().foldBits(trace, w, bits);
        }
        for (int c = 0; c < arrivals.counts(); c++) {
            int count = 0;
            for (int p = from; p < to; p++) {
                count += arrivals.count(arrivals.at(p), c);
            }
            records.words().foldCount(trace, c, count);
        }
    }

    /** Copies of one trace's state agree; should they not, the greatest counts, whatever their order. */
    private void state(int trace, Arrivals arrivals, int i) {
        int flags = arrivals.flags(i);
        if ((flags & SpanFlags.RANDOMNESS) != 0) {
            boolean seen = (records.flags(trace) & TraceRecords.RANDOMNESS_SEEN) != 0;
            long randomness = arrivals.get(i, Arrivals.RANDOMNESS);
            records.setRandomness(trace, seen ? Math.max(records.randomness(trace), randomness) : randomness);
        }
        if ((flags & SpanFlags.THRESHOLD) != 0) {
            records.raiseThreshold(trace, arrivals.get(i, Arrivals.THRESHOLD));
        }
    }
}
