package dev.weir.enrich;

import dev.weir.otlp.AttributeSlots;
import dev.weir.otlp.AttributeView;
import dev.weir.otlp.EditPlan;
import dev.weir.otlp.FieldCursor;
import dev.weir.otlp.ItemSieve;
import dev.weir.otlp.RequestFields;
import dev.weir.pipeline.Signal;
import java.util.concurrent.TimeUnit;

/**
 * Plans what becomes of spans, metrics and log records, and remembers when the first of a Resource* was. Reusable; for one
 * thread; allocates nothing for an item.
 */
final class ItemEnricher {

    /** What became of an item: it is as it was. */
    static final int UNCHANGED = 0;

    static final int CHANGED = 1;
    static final int DROPPED = 2;

    private final EnrichRules rules;
    private final EditPlan plan;
    private final SpanEnricher spans;
    private final AttributeSlots slots;
    private final AttributeEdits edits;
    private final MetricEnricher metrics;
    private final ItemSieve sieve;
    private final FieldCursor field = new FieldCursor();

    private byte[] request = {};
    private boolean relayed;
    private boolean plain;
    private Signal signal = Signal.TRACES;
    private int count;
    private long seen;

    /** @param plan where the items are written */
    ItemEnricher(EnrichRules rules, EditPlan plan, SpanEnricher spans) {
        this.rules = rules;
        this.plan = plan;
        this.spans = spans;
        slots = new AttributeSlots(rules.keys);
        edits = new AttributeEdits(new QueryRedaction(rules.queryNames), new KeyedHash(rules.hashKey));
        metrics = new MetricEnricher(rules, plan, this);
        sieve = new ItemSieve(rules.sieve);
    }

    /**
     * Begins with a request.
     *
     * @param isRelayed whether another brought it, who may say what only we know
     * @param isPlain whether it is known that the sieve catches none of its spans
     */
    void begin(Signal ofSignal, byte[] ofRequest, boolean isRelayed, boolean isPlain) {
        plain = isPlain;
        signal = ofSignal;
        request = ofRequest;
        relayed = isRelayed;
        spans.begin(ofRequest, isRelayed);
    }

    void forget() {
        edits.forget();
        spans.forget();
        request = new byte[0];
    }

    void beginGroup() {
        spans.forgetNodes();
        seen = 0;
    }

    /** When the first item of the Resource* began, or now. */
    long seenEpochNanos() {
        return seen != 0 ? seen : TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    }

    /** Begins with a Scope*. */
    void beginScope() {
        spans.beginScope();
    }

    /** Whose the items are that stand behind it, by the scope whose body lies there. Writers put it before them. */
    void scope(int from, int to) {
        if (signal == Signal.TRACES) {
            spans.scope(from, to);
        }
    }

    /** Plans the item whose field begins there, and whose body lies there. */
    int item(int fieldStart, int from, int to) {
        count = 1;
        return switch (signal) {
            case TRACES -> {
                see(from, to);
                yield spans.span(fieldStart, from, to);
            }
            case METRICS -> {
                boolean isChanged = metrics.metric(request, fieldStart, from, to);
                count = metrics.points();
                yield isChanged ? CHANGED : UNCHANGED;
            }
            case LOGS -> {
                see(from, to);
                yield message(RequestFields.ITEMS, AttributeView.OF_LOG_RECORD, fieldStart, from, to)
                        ? CHANGED
                        : UNCHANGED;
            }
        };
    }

    /**
     * Plans items that stay as they are, up to one that may not.
     *
     * @param from where a field of the Scope* begins
     * @param to where the Scope* ends
     * @return where the first field begins that was not planned
     */
    int pass(int from, int to) {
        count = 0;
        boolean isLogs = signal == Signal.LOGS;
        if (!isLogs && (signal == Signal.METRICS || spans.areAllChanged())) {
            return from;
        }
        if (seen == 0 && field.reset(request, from, to).next() && field.isContent(RequestFields.ITEMS)) {
            see(field.valueStart(), field.valueEnd());
        }
        int end = sieve.pass(request, from, to, isLogs ? AttributeView.OF_LOG_RECORD : AttributeView.OF_SPAN, plain);
        plan.copy(from, end);
        count = sieve.passed();
        return end;
    }

    /** Spans, data points or log records in what was planned last. */
    int count() {
        return count;
    }

    /**
     * Plans a message of which only attributes are changed.
     *
     * @param fieldNumber its own
     * @param attributes the field of it that holds its attributes
     * @return whether anything is changed
     */
    boolean message(int fieldNumber, int attributes, int fieldStart, int from, int to) {
        if (rules.sieve.catches(request, from, to, attributes)) {
            edits.clear(attributes);
            slots.reset(request, from, to, attributes);
            while (slots.next()) {
                edits.apply(rules.itemActions, request, slots, relayed);
            }
            if (!edits.isEmpty()) {
                plan.open(fieldNumber);
                edits.writeInto(plan, from, to);
                plan.close();
                return true;
            }
        }
        plan.copy(fieldStart, to);
        return false;
    }

    /** Reads when the first item began. */
    private void see(int from, int to) {
        if (seen != 0) {
            return;
        }
        int tag = signal == Signal.TRACES ? 0x39 /* start_time_unix_nano */ : 0x09 /* time_unix_nano */;
        field.reset(request, from, to);
        while (field.next()) {
            if (field.tag() == tag) {
                seen = field.fixed64();
                return;
            }
        }
    }
}
