package dev.weir.enrich;

import dev.weir.enrich.envoy.EnvoyDialect;
import dev.weir.enrich.envoy.LinkerdNumbers;
import dev.weir.enrich.envoy.Translation;
import dev.weir.otlp.AttributeSlots;
import dev.weir.otlp.AttributeView;
import dev.weir.otlp.AttributeWriter;
import dev.weir.otlp.EditPlan;
import dev.weir.otlp.FieldCursor;
import dev.weir.otlp.RequestFields;
import dev.weir.otlp.SpanView;
import dev.weir.pipeline.Signal;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Plans what becomes of spans, metrics and log records, and remembers of a Resource*'s items what its resource needs to be
 * known by. Reusable; for one thread; allocates nothing for an item.
 */
final class ItemEnricher {

    /** What became of an item: it is as it was. */
    static final int UNCHANGED = 0;

    static final int CHANGED = 1;
    static final int DROPPED = 2;

    private final EnrichRules rules;
    private final EditPlan plan;
    private final AttributeSlots slots;
    private final AttributeEdits edits;
    private final AttributeEdits outEdits;
    private final AttributeWriter out = new AttributeWriter();
    private final SpanView span = new SpanView();
    private final Translation translation;
    private final LinkerdNumbers linkerd;
    private final MetricEnricher metrics;
    private final FieldCursor field = new FieldCursor();

    private byte[] request = {};
    private boolean relayed;
    private Signal signal = Signal.TRACES;
    private boolean isEnvoy;
    private int nodeStart;
    private int nodeEnd;
    private boolean severalNodes;
    private long seen;

    /** @param plan where the items are written */
    ItemEnricher(EnrichRules rules, EditPlan plan) {
        this.rules = rules;
        this.plan = plan;
        slots = new AttributeSlots(rules.keys);
        QueryRedaction queries = new QueryRedaction(rules.queryNames);
        KeyedHash hash = new KeyedHash(rules.hashKey);
        edits = new AttributeEdits(queries, hash);
        outEdits = new AttributeEdits(queries, hash);
        translation = rules.dialect.translation(rules.keys);
        linkerd = new LinkerdNumbers(rules.keys);
        metrics = new MetricEnricher(rules, plan, this);
    }

    /** @param isRelayed whether another brought it, who may say what only we know */
    void begin(byte[] ofRequest, boolean isRelayed) {
        request = ofRequest;
        relayed = isRelayed;
        translation.meshStripped(!isRelayed);
    }

    void forget() {
        edits.forget();
        request = new byte[0];
    }

    void beginGroup() {
        forgetNodes();
        seen = 0;
    }

    void forgetNodes() {
        nodeStart = nodeEnd = 0;
        severalNodes = false;
    }

    /** @param from where the body of the Scope* is */
    void beginScope(Signal ofSignal, int from, int to) {
        signal = ofSignal;
        isEnvoy = false;
        if (ofSignal == Signal.TRACES) {
            field.reset(request, from, to);
            while (field.next()) {
                if (field.isContent(RequestFields.SCOPE)) {
                    isEnvoy = EnvoyDialect.isEnvoyScope(request, field.valueStart(), field.valueEnd());
                }
            }
        }
    }

    /** Whether items of the Resource* came through different proxies. */
    boolean seesSeveralNodes() {
        return severalNodes;
    }

    /** Where the node id is, in the request, of the proxy that the items of the Resource* came through; or empty. */
    int nodeStart() {
        return nodeStart;
    }

    int nodeEnd() {
        return nodeEnd;
    }

    /** When the first item of the Resource* began, or now. */
    long seenEpochNanos() {
        return seen != 0 ? seen : TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    }

    /** Plans the item whose field begins there, and whose body lies there. */
    int item(int fieldStart, int from, int to) {
        return switch (signal) {
            case TRACES -> span(fieldStart, from, to);
            case METRICS -> metrics.metric(request, fieldStart, from, to) ? CHANGED : UNCHANGED;
            case LOGS -> {
                see(from, to);
                yield message(RequestFields.ITEMS, AttributeView.OF_LOG_RECORD, fieldStart, from, to)
                        ? CHANGED
                        : UNCHANGED;
            }
        };
    }

    /** Spans, data points or log records in the item that was planned last. */
    int count() {
        return signal == Signal.METRICS ? metrics.points() : 1;
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

    private int span(int fieldStart, int from, int to) {
        see(from, to);
        if (!isEnvoy && rules.spanSet.length == 0 && !rules.sieve.catches(request, from, to, AttributeView.OF_SPAN)) {
            plan.copy(fieldStart, to);
            return UNCHANGED;
        }
        edits.clear(AttributeView.OF_SPAN);
        slots.reset(request, from, to, AttributeView.OF_SPAN);
        while (slots.next()) {
            edits.apply(rules.spanActions, request, slots, relayed);
        }
        out.clear(AttributeView.OF_SPAN);
        if (isEnvoy || slots.has(rules.direction)) {
            if (rules.self.drops(request, slots)) {
                return DROPPED;
            }
            noteNode();
            translate(from, to);
        }
        if (edits.isEmpty() && out.length() == 0 && rules.spanSet.length == 0) {
            plan.copy(fieldStart, to);
            return UNCHANGED;
        }
        plan.open(RequestFields.ITEMS);
        edits.writeInto(plan, from, to);
        appendTranslated();
        plan.append(rules.spanSet, 0, rules.spanSet.length);
        plan.close();
        return CHANGED;
    }

    private void translate(int from, int to) {
        if (!rules.translates) {
            return;
        }
        for (int key : rules.hidden) {
            slots.forget(key);
        }
        if (isEnvoy) {
            span.read(request, from, to);
            translation.translate(request, span, slots, out, edits);
        } else {
            linkerd.translate(request, slots, out, edits);
        }
    }

    /** What was redacted of a tag must not come back under another name. */
    private void appendTranslated() {
        byte[] bytes = out.bytes();
        int length = out.length();
        if (length == 0 || !edits.hasReplaced() && !rules.cleansTranslated) {
            plan.append(bytes, 0, length);
            return;
        }
        outEdits.clear(AttributeView.OF_SPAN);
        slots.reset(bytes, 0, length, AttributeView.OF_SPAN);
        while (slots.next()) {
            outEdits.apply(rules.spanActions, bytes, slots, true);
        }
        outEdits.appendInto(plan, bytes, 0, length);
    }

    private void noteNode() {
        if (relayed || !isEnvoy || !slots.hasText(rules.nodeId)) {
            return;
        }
        int from = slots.textStart();
        int to = slots.textEnd();
        if (nodeStart == nodeEnd) {
            nodeStart = from;
            nodeEnd = to;
        } else if (!severalNodes) {
            severalNodes = !Arrays.equals(request, from, to, request, nodeStart, nodeEnd);
        }
    }

    /** Whether the span whose body lies there says which proxy it is of; {@link #textStart} and {@link #textEnd} say where. */
    boolean hasNode(int from, int to) {
        if (!isEnvoy) {
            return false;
        }
        slots.reset(request, from, to, AttributeView.OF_SPAN);
        while (slots.next()) {
            continue;
        }
        return slots.hasText(rules.nodeId);
    }

    int textStart() {
        return slots.textStart();
    }

    int textEnd() {
        return slots.textEnd();
    }

    /** Whether the spans are a proxy's. */
    boolean isEnvoy() {
        return isEnvoy;
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
