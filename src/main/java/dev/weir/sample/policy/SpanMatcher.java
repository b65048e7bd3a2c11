package dev.weir.sample.policy;

import dev.weir.otlp.FieldCursor;
import java.util.Arrays;

/**
 * Reads spans of scanned requests, each once, and says which of the policies' conditions they fulfil. Reused, for one
 * thread. Attributes that no policy asks for are not decoded. It allocates nothing but what a pattern's search does.
 *
 * <p>First {@link #origin} for a resource and scope, then {@link #span} for each of their spans. What is said of a span
 * holds until the next one is read.
 */
public final class SpanMatcher {

    private final SpanProgram program;
    private final FieldCursor field = new FieldCursor();
    private final FieldCursor inner = new FieldCursor();
    private final AttributeTester attributes = new AttributeTester();
    private final long[] originBits;
    private final long[] bits;
    private final boolean readsAttributes;
    private final boolean readsEvents;
    private final boolean readsLinks;

    private long traceIdHigh;
    private long traceIdLow;
    private long spanId;
    private long parentSpanId;
    private int kind;
    private int flags;
    private long startNanos;
    private long endNanos;
    private int statusCode;
    private int nameFrom;
    private int nameTo;
    private int traceStateFrom;
    private int traceStateTo;

    SpanMatcher(SpanProgram program) {
        this.program = program;
        originBits = new long[program.words];
        bits = new long[program.words];
        readsAttributes = !program.span.isEmpty();
        readsEvents = !program.event.isEmpty();
        readsLinks = !program.link.isEmpty();
    }

    /** Sets where the next spans come from: the bodies of their Resource and InstrumentationScope. */
    public void origin(byte[] bytes, int resourceFrom, int resourceTo, int scopeFrom, int scopeTo) {
        origin(bytes, resourceFrom, resourceTo, bytes, scopeFrom, scopeTo);
    }

    /** The same, when the two lie in different arrays. */
    public void origin(byte[] resource, int resourceFrom, int resourceTo, byte[] scope, int scopeFrom, int scopeTo) {
        Arrays.fill(originBits, 0);
        if (!program.resource.isEmpty()) {
            within(program.resource, 1, resource, resourceFrom, resourceTo, originBits);
        }
        if (!program.scope.isEmpty()) {
            within(program.scope, 3, scope, scopeFrom, scopeTo, originBits);
        }
    }

    /** Reads the span whose body lies there. */
    public void span(byte[] bytes, int from, int to) {
        traceIdHigh = traceIdLow = spanId = parentSpanId = 0;
        kind = flags = statusCode = 0;
        startNanos = endNanos = 0;
        nameFrom = nameTo = traceStateFrom = traceStateTo = from;
        for (int i = 0; i < bits.length; i++) {
            bits[i] = originBits[i];
        }
        field.reset(bytes, from, to);
        while (field.next()) {
            switch (field.tag()) {
                case 0x4a /* attributes */ -> {
                    if (readsAttributes) {
                        attributes.test(program.span, bytes, field.valueStart(), field.valueEnd(), bits);
                    }
                }
                case 0x0a /* trace_id */ -> {
                    traceIdHigh = field.traceIdHigh();
                    traceIdLow = field.traceIdLow();
                }
                case 0x12 /* span_id */ -> spanId = field.spanId();
                case 0x22 /* parent_span_id */ -> parentSpanId = field.spanId();
                case 0x1a /* trace_state */ -> {
                    traceStateFrom = field.valueStart();
                    traceStateTo = field.valueEnd();
                }
                case 0x2a /* name */ -> {
                    nameFrom = field.valueStart();
                    nameTo = field.valueEnd();
                }
                case 0x30 /* kind */ -> kind = (int) field.varint();
                case 0x39 /* start_time_unix_nano */ -> startNanos = field.fixed64();
                case 0x41 /* end_time_unix_nano */ -> endNanos = field.fixed64();
                case 0x7a /* status */ -> readStatus(bytes, field.valueStart(), field.valueEnd());
                case 0x85 /* flags */ -> flags = field.fixed32();
                case 0x5a /* events */ -> {
                    if (readsEvents) {
                        within(program.event, 3, bytes, field.valueStart(), field.valueEnd(), bits);
                    }
                }
                case 0x6a /* links */ -> {
                    if (readsLinks) {
                        within(program.link, 4, bytes, field.valueStart(), field.valueEnd(), bits);
                    }
                }
                default -> {}
            }
        }
        if (Long.compareUnsigned(endNanos, startNanos) < 0) {
            endNanos = startNanos;
        }
        conclude(bytes);
    }

    /** Of several status messages, and of several codes in one, the last counts. */
    private void readStatus(byte[] bytes, int from, int to) {
        statusCode = 0;
        inner.reset(bytes, from, to);
        while (inner.next()) {
            if (inner.tag() == 0x18 /* code */) {
                statusCode = (int) inner.varint();
            }
        }
    }

    /** The attributes, which are the field of this number, of the message whose body lies there. */
    private void within(KeyTests tests, int number, byte[] bytes, int from, int to, long[] into) {
        inner.reset(bytes, from, to);
        while (inner.next()) {
            if (inner.isContent(number)) {
                attributes.test(tests, bytes, inner.valueStart(), inner.valueEnd(), into);
            }
        }
    }

    private void conclude(byte[] bytes) {
        for (FieldTest test : program.fields) {
            test.test(this, bits);
        }
        for (TextTest test : program.names) {
            test.text(bytes, nameFrom, nameTo, bits);
        }
        if (traceStateTo > traceStateFrom) {
            for (TextTest test : program.traceStates) {
                test.traceState(bytes, traceStateFrom, traceStateTo, bits);
            }
        }
        Expression[] expressions = program.expressions;
        for (int i = 0; i < expressions.length; i++) {
            if (expressions[i].holds(bits)) {
                int bit = program.expressionBits[i];
                bits[bit >> 6] |= 1L << bit;
            }
        }
    }

    /** Which conditions the span fulfils, to be or-ed over the trace; {@code Rules.bitWords()} words. */
    public long bits(int word) {
        int last = program.results >> 6;
        return word < last ? bits[word] : bits[word] & (1L << program.results) - 1;
    }

    /** 1 or 0, to be added up over the trace; {@code Rules.counts()} of them. */
    public int count(int index) {
        int bit = program.counted[index];
        return (int) (bits[bit >> 6] >>> bit) & 1;
    }

    /** First eight bytes of the trace id, big endian; 0 for an id of the wrong size. */
    public long traceIdHigh() {
        return traceIdHigh;
    }

    /** Last eight bytes of the trace id, big endian; 0 for an id of the wrong size. */
    public long traceIdLow() {
        return traceIdLow;
    }

    /** Big endian; 0 for an id of the wrong size. */
    public long spanId() {
        return spanId;
    }

    /** Big endian; 0 for a root span, and for an id of the wrong size. */
    public long parentSpanId() {
        return parentSpanId;
    }

    /** Whether the span has no parent. */
    public boolean isRoot() {
        return parentSpanId == 0;
    }

    /** SpanKind: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
    public int kind() {
        return kind;
    }

    public int flags() {
        return flags;
    }

    /** Nanoseconds since the Unix epoch, unsigned. */
    public long startNanos() {
        return startNanos;
    }

    /** Nanoseconds since the Unix epoch, unsigned; never before the start. */
    public long endNanos() {
        return endNanos;
    }

    /** StatusCode: 0 unset, 1 ok, 2 error. */
    public int statusCode() {
        return statusCode;
    }

    /** Where the trace state lies, in the bytes of the span. */
    public int traceStateFrom() {
        return traceStateFrom;
    }

    public int traceStateTo() {
        return traceStateTo;
    }
}
