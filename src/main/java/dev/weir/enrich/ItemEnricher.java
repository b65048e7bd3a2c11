package dev.weir.enrich;

import dev.weir.enrich.envoy.EnvoyDialect;
import dev.weir.enrich.envoy.LinkerdNumbers;
import dev.weir.enrich.envoy.Translation;
import dev.weir.otlp.AttributeSlots;
import dev.weir.otlp.AttributeView;
import dev.weir.otlp.AttributeWriter;
import dev.weir.otlp.EditPlan;
import dev.weir.otlp.FieldCursor;
import dev.weir.otlp.ItemSieve;
import dev.weir.otlp.RequestFields;
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
    private final Translation translation;
    private final LinkerdNumbers linkerd;
    private final MetricEnricher metrics;
    private final ItemSieve sieve;
    private final FieldCursor field = new FieldCursor();

    private byte[] request = {};
    private boolean relayed;
    private boolean plain;
    private Signal signal = Signal.TRACES;
    private boolean isEnvoy;
    private int count;
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

    /** Begins with a Scope*. */
    void beginScope() {
        isEnvoy = false;
    }

    /** Whose the items are that stand behind it, by the scope whose body lies there. Writers put it before them. */
    void scope(int from, int to) {
        isEnvoy = signal == Signal.TRACES && EnvoyDialect.isEnvoyScope(request, from, to);
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
        count = 1;
        return switch (signal) {
            case TRACES -> span(fieldStart, from, to);
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
        if (!isLogs && (signal == Signal.METRICS || isEnvoy || rules.spanSet.length > 0)) {
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
            translate();
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

    private void translate() {
        if (!rules.translates) {
            return;
        }
        for (int key : rules.hidden) {
            slots.forget(key);
        }
        if (isEnvoy) {
            translation.translate(request, slots, out, edits);
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
