package dev.weir.sample.policy;

import dev.weir.otlp.SpanView;
import java.util.ArrayList;
import java.util.List;

/** A trace folded from what a matcher says of its spans, as the trace table folds it. */
final class TestTrace implements TraceFacts {

    private record Written(byte[] span, byte[] resource, byte[] scope) {}

    private final SpanMatcher matcher;
    private final long[] bits;
    private final int[] counts;
    private final List<Written> written = new ArrayList<>();
    long randomness = 1L << 55;
    boolean randomnessCertain;
    private long bytes;
    private int errors;
    private long start = -1;
    private long end;
    private boolean rootSeen;

    TestTrace(Rules rules) {
        matcher = rules.newMatcher();
        bits = new long[rules.bitWords()];
        counts = new int[rules.counts()];
    }

    static TestTrace of(Rules rules, TestSpan... spans) {
        TestTrace trace = new TestTrace(rules);
        for (TestSpan span : spans) {
            trace.add(span);
        }
        return trace;
    }

    TestTrace randomness(double share) {
        randomness = (long) (share * (1L << 56));
        return this;
    }

    TestTrace add(TestSpan span) {
        byte[] resource = span.resource.build().toByteArray();
        byte[] scope = span.scope.build().toByteArray();
        return add(span.span.build().toByteArray(), resource, scope);
    }

    TestTrace add(byte[] span, byte[] resource, byte[] scope) {
        byte[] origin = new byte[resource.length + scope.length];
        System.arraycopy(resource, 0, origin, 0, resource.length);
        System.arraycopy(scope, 0, origin, resource.length, scope.length);
        matcher.origin(origin, 0, resource.length, resource.length, origin.length);
        matcher.span(span, 0, span.length);
        for (int i = 0; i < bits.length; i++) {
            bits[i] |= matcher.bits(i);
        }
        for (int i = 0; i < counts.length; i++) {
            counts[i] += matcher.count(i);
        }
        written.add(new Written(span, resource, scope));
        bytes += span.length;
        SpanView fields = matcher.fields();
        long spanEnd = fields.startNanos() + fields.durationNanos();
        errors += fields.statusCode() == 2 ? 1 : 0;
        start = Long.compareUnsigned(fields.startNanos(), start) < 0 ? fields.startNanos() : start;
        end = Long.compareUnsigned(spanEnd, end) > 0 ? spanEnd : end;
        rootSeen |= fields.isRoot();
        return this;
    }

    @Override
    public long traceIdHigh() {
        return 0;
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
    public boolean isRandomnessCertain() {
        return randomnessCertain;
    }

    @Override
    public long bits(int word) {
        return bits[word];
    }

    @Override
    public int count(int index) {
        return counts[index];
    }

    @Override
    public int spans() {
        return written.size();
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public int errors() {
        return errors;
    }

    @Override
    public long startNanos() {
        return start;
    }

    @Override
    public long endNanos() {
        return end;
    }

    @Override
    public boolean rootSeen() {
        return rootSeen;
    }

    @Override
    public void forEachSpan(SpanVisitor visitor) {
        for (int i = 0; i < written.size(); i++) { // without an iterator: allocations are counted
            Written each = written.get(i);
            if (!visitor.visit(each.span(), 0, each.span().length, each.resource(), each.scope())) {
                return;
            }
        }
    }
}
