package dev.weir.sample.tail;

import dev.weir.otlp.LogSamplingView;
import dev.weir.otlp.OtelTraceState;
import dev.weir.otlp.SpanGroups;
import dev.weir.otlp.SpanWriter;
import dev.weir.otlp.TraceView;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns kept spans, or kept log records, into requests, and writes into them with what probability they were kept. Spans are copied when they
 * are added, so nothing needs to stay where it is for longer. For one thread at a time; no object for a span.
 *
 * <p>Of the threshold T, {@code th} in the trace state: it is never lowered, so a span with a higher one keeps its own.
 * One that the trace's randomness contradicts is erased, and each is when the probability is unknown. What was kept for
 * certain stays as it came. A trace state that cannot be read, or has no room, is left alone, and counted.
 */
final class Emission {

    /** The attribute that names the policy. */
    private static final byte[] POLICY_KEY = "weir.policy".getBytes(StandardCharsets.UTF_8);

    private static final byte[] NOTHING = {};

    /** A trace state's field has tag and length, and so has an attribute, thrice. */
    private static final int PREFIXES = 32;

    private static final int USUAL_SPAN = 16 << 10;
    private static final int NONE = -1;
    private static final int RECENT = 256;

    /** Takes what is finished. */
    interface Sink {
        /**
         * @param request an ExportTraceServiceRequest, or an ExportLogsServiceRequest; exactly as long as the array
         * @param items in it
         */
        void take(byte[] request, int items);
    }

    private final int targetBytes;
    private final Sink sink;

    private final SpanGroups groups = new SpanGroups();
    private final TraceView view = new TraceView();
    private final OtelTraceState state = new OtelTraceState();
    private final SpanWriter writer = new SpanWriter();
    private final LogSamplingView log = new LogSamplingView();

    private byte[] span = new byte[USUAL_SPAN];
    private final byte[] stateBytes = new byte[OtelTraceState.MAX_WRITTEN];
    /** The {@code trace_state} field of a span that had none. */
    private final byte[] ownStateField = new byte[64];

    private int ownStateFieldLength;

    private byte[] resource = NOTHING;
    private int resourceLength;
    private byte[] scope = NOTHING;
    private int scopeLength;
    /** The group of the two in the request under construction, or {@link #NONE}. */
    private int group = NONE;

    /** The origin that the two are of, when it is known to stay the same. */
    private @Nullable Origin origin;

    /** Origins that have a group in the request under construction, by the last bits of their numbers. */
    private final @Nullable Origin[] recent = new @Nullable Origin[RECENT];

    private final int[] recentGroup = new int[RECENT];

    private long randomness;
    private long threshold;
    private boolean probabilityKnown = true;
    private byte @Nullable [] policy;
    private long unwritable;

    /** @param targetBytes a request is finished before the span that would take it over this size */
    Emission(int targetBytes, Sink sink) {
        this.targetBytes = targetBytes;
        this.sink = sink;
    }

    /**
     * Where the spans that follow come from. The arrays are read again when a new request is begun.
     *
     * @param resourceHeader all fields of their ResourceSpans but the ScopeSpans, with their tags, from the start on
     * @param scopeHeader all fields of their ScopeSpans but the spans
     */
    void origin(byte[] resourceHeader, int resourceHeaderLength, byte[] scopeHeader, int scopeHeaderLength) {
        resource = resourceHeader;
        resourceLength = resourceHeaderLength;
        scope = scopeHeader;
        scopeLength = scopeHeaderLength;
        origin = null;
        group = NONE;
    }

    /** Where the spans that follow come from: the scope, and through it the resource, of held ones. */
    void origin(Origin held) {
        byte[] resourceHeader = held.resource().header;
        origin(resourceHeader, resourceHeader.length, held.header, held.header.length);
        origin = held;
        int place = held.id & RECENT - 1;
        if (recent[place] == held) {
            group = recentGroup[place];
        }
    }

    /**
     * The trace of the spans that follow.
     *
     * @param itsRandomness R, 56 bits
     * @param itsThreshold T, at most R; 0 when it was kept for certain
     * @param isProbabilityKnown false: no span may carry a {@code th}
     * @param policyName UTF-8, to be written into each span; null for none
     */
    void trace(long itsRandomness, long itsThreshold, boolean isProbabilityKnown, byte @Nullable [] policyName) {
        if (itsThreshold > 0 && (itsThreshold != threshold || ownStateFieldLength == 0)) {
            int to = state.reset(NOTHING, 0, 0).write(itsThreshold, stateBytes, 0);
            ownStateFieldLength =
                    writer.reset(NOTHING, 0, 0).traceState(stateBytes, 0, to).write(ownStateField, 0);
        }
        randomness = itsRandomness;
        threshold = itsThreshold;
        probabilityKnown = isProbabilityKnown;
        policy = policyName;
    }

    /**
     * Adds a span of the trace and the origin that were named last.
     *
     * @param buffer has the span's body from {@code offset} on; its position does not matter
     * @param hasTraceState false saves reading the span; true when it may have one
     */
    void span(ByteBuffer buffer, int offset, int length, boolean hasTraceState) {
        byte[] out = room(mostBytes(length, hasTraceState));
        int at = groups.position();
        int to;
        if (policy == null && !hasTraceState) {
            buffer.get(offset, out, at, length);
            to = at + length;
            if (threshold > 0 && probabilityKnown) {
                System.arraycopy(ownStateField, 0, out, to, ownStateFieldLength);
                to += ownStateFieldLength;
            }
        } else {
            to = rewrite(buffer, offset, length, out, at);
        }
        groups.add(group, to - at);
    }

    /**
     * Adds a log record, as {@link #span} does a span; an emission is of one of the two.
     *
     * @param hasSampling false saves reading the record; true when it may have attributes that speak of sampling
     */
    void log(ByteBuffer buffer, int offset, int length, boolean hasSampling) {
        byte[] out = room(length + LogSamplingView.MAX_THRESHOLD);
        int at = groups.position();
        int to;
        if (hasSampling || threshold > 0 && probabilityKnown) {
            copy(buffer, offset, length);
            to = log.reset(span, 0, length).write(nextLogThreshold(), out, at);
        } else {
            buffer.get(offset, out, at, length);
            to = at + length;
        }
        groups.add(group, to - at);
    }

    /** Room for an item of the origin that was named last, in the next request if there is none in this one. */
    private byte[] room(int most) {
        int headers = group == NONE ? resourceLength + scopeLength : 0;
        if (groups.spans() > 0 && groups.bytes() + headers + most > targetBytes) {
            flush();
        }
        if (group == NONE) {
            group = groups.scope(groups.resource(resource, 0, resourceLength), scope, 0, scopeLength);
            Origin held = origin;
            if (held != null) {
                recent[held.id & RECENT - 1] = held;
                recentGroup[held.id & RECENT - 1] = group;
            }
        }
        return groups.room(most);
    }

    /** Hands on the request under construction, if there is a span in it. */
    void flush() {
        int spans = groups.spans();
        group = NONE;
        Arrays.fill(recent, null);
        byte[] request = groups.build();
        if (spans > 0) {
            sink.take(request, spans);
        }
        if (span.length > 16 * USUAL_SPAN) {
            span = new byte[USUAL_SPAN];
        }
    }

    /** Spans that were kept with a certain probability and could not be told so, since the start. */
    long unwritable() {
        return unwritable;
    }

    private int mostBytes(int length, boolean hasTraceState) {
        int more = hasTraceState ? OtelTraceState.MAX_WRITTEN : ownStateFieldLength;
        byte[] name = policy;
        return length + more + (name == null ? 0 : POLICY_KEY.length + name.length) + PREFIXES;
    }

    private int rewrite(ByteBuffer buffer, int offset, int length, byte[] out, int at) {
        read(buffer, offset, length);
        writer.reset(span, 0, length);
        long own = state.threshold();
        long next = nextThreshold(own);
        if (state.isMalformed()) {
            unwritable += next == OtelTraceState.NO_THRESHOLD ? 0 : 1;
        } else if (next != own) {
            int to = state.write(next, stateBytes, 0);
            if (to == OtelTraceState.UNWRITABLE) {
                unwritable++;
            } else {
                writer.traceState(stateBytes, 0, to);
            }
        }
        byte[] name = policy;
        if (name != null) {
            writer.attribute(POLICY_KEY, name);
        }
        return writer.write(out, at);
    }

    /** Leaves the span in {@link #span} and its trace state in {@link #state}. */
    private void read(ByteBuffer buffer, int offset, int length) {
        copy(buffer, offset, length);
        view.resetToSpan(span, 0, length);
        state.reset(span, view.span().traceStateStart(), view.span().traceStateEnd());
    }

    private void copy(ByteBuffer buffer, int offset, int length) {
        if (span.length < length) {
            span = new byte[Math.max(length, 2 * span.length)];
        }
        buffer.get(offset, span, 0, length);
    }

    /** A record may have randomness of its own, which was not asked: a threshold that contradicts it is not written. */
    private long nextLogThreshold() {
        long own = log.threshold();
        if (log.isMalformed()) {
            unwritable += threshold > 0 && probabilityKnown ? 1 : 0;
            return own;
        }
        long its = log.randomness() < 0 ? randomness : log.randomness();
        if (!probabilityKnown || own > its) {
            return OtelTraceState.NO_THRESHOLD;
        }
        long next = threshold > 0 ? Math.max(own, threshold) : own;
        if (next > its) {
            unwritable++;
            return OtelTraceState.NO_THRESHOLD;
        }
        return next;
    }

    private long nextThreshold(long own) {
        if (!probabilityKnown || own > randomness) {
            return OtelTraceState.NO_THRESHOLD;
        }
        return threshold > 0 ? Math.max(own, threshold) : own;
    }
}
