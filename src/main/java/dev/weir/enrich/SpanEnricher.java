package dev.weir.enrich;

import dev.weir.enrich.envoy.EnvoyDialect;
import dev.weir.enrich.envoy.LinkerdNumbers;
import dev.weir.enrich.envoy.Translation;
import dev.weir.otlp.AttributeSlots;
import dev.weir.otlp.AttributeTrail;
import dev.weir.otlp.AttributeView;
import dev.weir.otlp.AttributeWriter;
import dev.weir.otlp.EditPlan;
import dev.weir.otlp.RequestFields;
import java.util.Arrays;

/**
 * Plans what becomes of spans, and remembers of a Resource*'s spans which proxy they came through. Reusable; for one thread;
 * allocates nothing for a span.
 */
final class SpanEnricher {

    /** Fields of a span. */
    private static final int NAME = 5;

    private static final int KIND = 6;
    private static final int SERVER = 2;

    private final EnrichRules rules;
    private final EditPlan plan;
    private final AttributeSlots slots;
    /** A proxy's spans are alike by the side that they are of. */
    private final AttributeTrail servers;

    private final AttributeTrail others;
    private final AttributeEdits edits;
    private final AttributeEdits outEdits;
    private final AttributeWriter out = new AttributeWriter();
    private final Translation translation;
    private final LinkerdNumbers linkerd;

    private byte[] request = {};
    private boolean relayed;
    private boolean isEnvoy;
    private int nodeStart;
    private int nodeEnd;
    private boolean severalNodes;

    /** @param plan where the spans are written */
    SpanEnricher(EnrichRules rules, EditPlan plan) {
        this.rules = rules;
        this.plan = plan;
        slots = new AttributeSlots(rules.keys);
        servers = new AttributeTrail(rules.keys);
        others = new AttributeTrail(rules.keys);
        QueryRedaction queries = new QueryRedaction(rules.queryNames);
        KeyedHash hash = new KeyedHash(rules.hashKey);
        edits = new AttributeEdits(queries, hash);
        outEdits = new AttributeEdits(queries, hash);
        translation = rules.dialect.translation(rules.keys);
        linkerd = new LinkerdNumbers(rules.keys);
    }

    /** @param isRelayed whether another brought it, who may say what only we know */
    void begin(byte[] ofRequest, boolean isRelayed) {
        request = ofRequest;
        relayed = isRelayed;
        translation.meshStripped(!isRelayed);
    }

    void forget() {
        edits.forget();
        servers.forget();
        others.forget();
        request = new byte[0];
    }

    void forgetNodes() {
        onlyNode(0, 0);
    }

    /** As if all items of the Resource* had this node id, or none. */
    void onlyNode(int from, int to) {
        nodeStart = from;
        nodeEnd = to;
        severalNodes = false;
    }

    /** Begins with a ScopeSpans. */
    void beginScope() {
        isEnvoy = false;
    }

    /** Whose the spans are that stand behind the scope whose body lies there. */
    void scope(int from, int to) {
        isEnvoy = EnvoyDialect.isEnvoyScope(request, from, to);
    }

    /** Whether the spans are a proxy's. */
    boolean isEnvoy() {
        return isEnvoy;
    }

    /** Whether the sieve says nothing of the spans. */
    boolean areAllChanged() {
        return isEnvoy || rules.spanSet.length > 0;
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

    /** Plans the span whose field begins there, and whose body lies there; one of {@link ItemEnricher}'s outcomes. */
    int span(int fieldStart, int from, int to) {
        if (!isEnvoy && rules.spanSet.length == 0 && !rules.sieve.catches(request, from, to, AttributeView.OF_SPAN)) {
            plan.copy(fieldStart, to);
            return ItemEnricher.UNCHANGED;
        }
        edits.clear(AttributeView.OF_SPAN);
        read(from, to);
        out.clear(AttributeView.OF_SPAN);
        if (isEnvoy || slots.has(rules.direction)) {
            if (rules.self.drops(request, slots) || isAttempt() && rules.self.dropsAttempt(request, slots)) {
                return ItemEnricher.DROPPED;
            }
            noteNode();
            translate();
        }
        if (edits.isEmpty() && out.length() == 0 && rules.spanSet.length == 0) {
            plan.copy(fieldStart, to);
            return ItemEnricher.UNCHANGED;
        }
        plan.open(RequestFields.ITEMS);
        edits.writeInto(plan, from, to);
        appendTranslated();
        plan.append(rules.spanSet, 0, rules.spanSet.length);
        plan.close();
        return ItemEnricher.CHANGED;
    }

    private void read(int from, int to) {
        slots.reset(request, from, to, AttributeView.OF_SPAN);
        boolean has = slots.next();
        if (has && isEnvoy) {
            slots.follow(slots.other(KIND) == SERVER ? servers : others);
        }
        for (; has; has = slots.next()) {
            if (!edits.apply(rules.spanActions, request, slots, relayed)) {
                slots.idle();
            }
        }
    }

    private boolean isAttempt() {
        return isEnvoy
                && slots.hasOther(NAME)
                && EnvoyDialect.isAttempt(
                        request, (int) slots.other(KIND), slots.otherStart(NAME), slots.otherEnd(NAME));
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
}
