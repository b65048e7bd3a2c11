package dev.weir.sample.policy;

/** A trace of which only the size and the randomness matter. */
public class DecidedTrace implements TraceFacts {

    static final int SPAN_BYTES = 300;

    int spans = 1;
    long randomness;

    @Override
    public long traceIdHigh() {
        return 1;
    }

    @Override
    public long traceIdLow() {
        return randomness;
    }

    @Override
    public long randomness() {
        return randomness;
    }

    @Override
    public long bits(int word) {
        return 0;
    }

    @Override
    public int count(int index) {
        return 0;
    }

    @Override
    public int spans() {
        return spans;
    }

    @Override
    public long bytes() {
        return (long) SPAN_BYTES * spans;
    }

    @Override
    public int errors() {
        return 0;
    }

    @Override
    public long startNanos() {
        return 0;
    }

    @Override
    public long endNanos() {
        return 0;
    }

    @Override
    public boolean rootSeen() {
        return false;
    }

    @Override
    public void forEachSpan(SpanVisitor visitor) {}
}
