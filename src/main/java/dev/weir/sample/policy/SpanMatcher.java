package dev.weir.sample.policy;

import dev.weir.otlp.FieldCursor;
import dev.weir.otlp.SpanView;
import java.util.Arrays;

/**
 * Reads spans of scanned requests, each once, and says which of the policies' conditions they fulfil. Reused, for one
 * thread. Attributes that no policy asks for are not decoded. It allocates nothing but what a pattern's search does.
 *
 * <p>First {@link #origin} for a resource and scope, then {@link #span} for each of their spans. What is said of a span
 * holds until the next one is read.
 */
public final class SpanMatcher {

    private static final int ATTRIBUTES = 9;
    private static final int EVENTS = 11;
    private static final int LINKS = 13;

    private final SpanProgram program;
    private final SpanView span = new SpanView();
    private final FieldCursor field = new FieldCursor();
    private final FieldCursor inner = new FieldCursor();
    private final AttributeTester attributes = new AttributeTester();
    private final long[] originBits;
    private final long[] bits;
    private final boolean readsAttributes;
    private final boolean readsEvents;
    private final boolean readsLinks;

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
        for (int i = 0; i < bits.length; i++) {
            bits[i] = originBits[i];
        }
        span.read(bytes, from, to);
        if (readsAttributes) {
            readAttributes(bytes, from, to);
        }
        if (readsEvents && span.hasEvents()) {
            allOf(EVENTS, program.event, 3, bytes, from, to);
        }
        if (readsLinks && span.hasLinks()) {
            allOf(LINKS, program.link, 4, bytes, from, to);
        }
        conclude(bytes);
    }

    private void readAttributes(byte[] bytes, int from, int to) {
        if (span.attributes() > SpanView.MOST_LISTED) {
            within(program.span, ATTRIBUTES, bytes, from, to, bits);
            return;
        }
        for (int i = 0; i < span.attributes(); i++) {
            attributes.test(program.span, bytes, span.attributeStart(i), span.attributeEnd(i), bits);
        }
    }

    /** The attributes of all messages in a repeated field of the span. */
    private void allOf(int number, KeyTests tests, int attributesNumber, byte[] bytes, int from, int to) {
        field.reset(bytes, from, to);
        while (field.next()) {
            if (field.isContent(number)) {
                within(tests, attributesNumber, bytes, field.valueStart(), field.valueEnd(), bits);
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
            test.test(span, bits);
        }
        for (TextTest test : program.names) {
            test.text(bytes, span.nameStart(), span.nameEnd(), bits);
        }
        if (span.traceStateEnd() > span.traceStateStart()) {
            for (TextTest test : program.traceStates) {
                test.traceState(bytes, span.traceStateStart(), span.traceStateEnd(), bits);
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

    /** The fields of the span. */
    public SpanView fields() {
        return span;
    }
}
