package dev.weir.enrich;

import dev.weir.enrich.ResourceEnricher.Enriched;
import dev.weir.enrich.identity.Caller;
import dev.weir.enrich.kubernetes.Pods;
import dev.weir.otlp.AttributeView;
import dev.weir.otlp.EditPlan;
import dev.weir.otlp.FieldCursor;
import dev.weir.otlp.RequestFields;
import dev.weir.pipeline.Payload;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a request and plans what it becomes, resource by resource. Reusable; for one thread; allocates nothing for an
 * item.
 */
final class RequestEnricher {

    /** What a request may become, beyond its fourfold length: many small resources would each get their attributes. */
    private static final long MOST_ADDED = 4 << 20;

    /** Of a Resource* that has no resource. */
    private static final int NONE = -1;

    private static final int NO_PLACE = -2;

    private final EditPlan plan = new EditPlan();
    private final ResourceEnricher resources;
    private final SpanEnricher spans;
    private final ItemEnricher items;
    private final PodSplit split;
    private final ScopeEnricher scopes;
    private final SenderNotes notes;
    private final FieldCursor groups = new FieldCursor();
    private final FieldCursor group = new FieldCursor();

    private byte[] request = {};
    private Caller caller = Caller.NONE;
    private @Nullable String[] headers = {};
    /** In which the body of the resource of the Resource* is; the request, unless it came in pieces. */
    private byte[] body = {};

    private int bodyFrom;
    private int bodyTo;
    private int dropped;
    private boolean changed;
    /** In the Resource* that is being read, or in the part of it that is being written. */
    private boolean groupChanged;

    /** Bytes that the request may become. */
    private long most;
    /** What splitting may still add, in bytes. */
    private long splitRoom;

    /** @param notes is told of each resource */
    RequestEnricher(EnrichRules rules, Pods pods, SenderNotes notes) {
        this.notes = notes;
        resources = new ResourceEnricher(rules, pods);
        spans = new SpanEnricher(rules, plan);
        items = new ItemEnricher(rules, plan, spans);
        split = new PodSplit(
                spans, (from, to) -> resources.isOfAnother(request, from, to, caller, items.seenEpochNanos()));
        scopes = new ScopeEnricher(plan, items, split);
    }

    /**
     * Plans the request.
     *
     * @param caller who sent it
     * @param headers what its headers say for custom tags
     * @return how many items are dropped
     */
    int plan(Payload payload, Caller caller, @Nullable String[] headers) {
        request = payload.bytes();
        this.caller = caller;
        this.headers = headers;
        plan.reset(request);
        items.begin(payload.signal(), request, caller.relay(), payload.plain());
        dropped = 0;
        changed = false;
        splitRoom = request.length + (1L << 20);
        most = 4L * request.length + MOST_ADDED;
        groups.reset(request, 0, request.length);
        while (groups.next()) {
            if (!groups.isContent(RequestFields.RESOURCES)) {
                plan.copy(groups.fieldStart(), groups.valueEnd());
            } else {
                group();
                if (isTooLong()) {
                    changed = true;
                    return dropped;
                }
            }
        }
        return dropped;
    }

    /** Whether it would become many times as long as it came; then the plan is not complete. */
    boolean isTooLong() {
        return plan.length() > most;
    }

    /** Told of each resource while the request is planned. */
    SenderNotes notes() {
        return notes;
    }

    boolean isChanged() {
        return changed;
    }

    long length() {
        return plan.length();
    }

    byte[] build() {
        byte[] built = plan.build();
        forget();
        return built;
    }

    void forget() {
        plan.forget();
        items.forget();
        split.forget();
        request = new byte[0];
        body = request;
    }

    private void group() {
        int from = groups.valueStart();
        int to = groups.valueEnd();
        int resource = resource(from, to);
        items.beginGroup();
        plan.open(RequestFields.RESOURCES);
        int place = group(from, to, resource, PodSplit.ALL);
        if (isTooLong()) {
            return;
        }
        if (spans.seesSeveralNodes() && split(from, to, resource)) {
            return;
        }
        if (scopes.isEmpty() && scopes.dropped() > 0) {
            plan.cancel();
            dropped += scopes.dropped();
            changed = true;
            notes.resource(null, scopes.dropped(), to - from, false);
            return;
        }
        if (!scopes.isEmpty()) {
            enrich(place, resource, to - from, spans.nodeStart(), spans.nodeEnd());
        } else {
            // Nothing is said of what has no items; but claims are taken out there too.
            plan.cancel();
            plan.open(RequestFields.RESOURCES);
            group(from, to, NO_PLACE, PodSplit.ALL);
        }
        end(groups.fieldStart(), to);
    }

    private void end(int from, int to) {
        dropped += scopes.dropped();
        if (groupChanged || scopes.isChanged()) {
            changed = true;
            plan.close();
        } else {
            plan.cancel();
            plan.copy(from, to);
        }
    }

    /** Where the field of the Resource is; of several, which are one in pieces, the last one. */
    private int resource(int from, int to) {
        int found = NONE;
        int pieces = 0;
        long length = 0;
        body = request;
        bodyFrom = bodyTo = from;
        group.reset(request, from, to);
        while (group.next()) {
            if (group.isContent(RequestFields.RESOURCE)) {
                found = group.fieldStart();
                bodyFrom = group.valueStart();
                bodyTo = group.valueEnd();
                length += bodyTo - bodyFrom;
                pieces++;
            }
        }
        if (pieces > 1) {
            join(from, to, (int) length);
        }
        return found;
    }

    /** Bodies of a message one after another are the body of the message that they are pieces of. */
    private void join(int from, int to, int length) {
        body = new byte[length];
        bodyFrom = bodyTo = 0;
        group.reset(request, from, to);
        while (group.next()) {
            if (group.isContent(RequestFields.RESOURCE)) {
                int piece = group.valueEnd() - group.valueStart();
                System.arraycopy(request, group.valueStart(), body, bodyTo, piece);
                bodyTo += piece;
            }
        }
    }

    /**
     * Plans what is in a Resource*, but its resource.
     *
     * @param resource where its field is; {@link #NO_PLACE} when it is to be planned like the rest
     * @param part of a split, whose items alone are taken
     * @return the place of the resource
     */
    private int group(int from, int to, int resource, int part) {
        groupChanged = part != PodSplit.ALL;
        scopes.begin(most);
        int place = resource == NONE ? plan.place() : NO_PLACE;
        group.reset(request, from, to);
        while (group.next()) {
            if (group.fieldStart() == resource) {
                place = plan.place();
            } else if (group.isContent(RequestFields.RESOURCE) && resource >= 0) {
                groupChanged = true; // another piece
            } else if (group.isContent(RequestFields.RESOURCE)) {
                groupChanged |= items.message(
                        RequestFields.RESOURCE,
                        AttributeView.OF_RESOURCE,
                        group.fieldStart(),
                        group.valueStart(),
                        group.valueEnd());
            } else if (group.isContent(RequestFields.SCOPES)) {
                scopes.scope(request, group.fieldStart(), group.valueStart(), group.valueEnd(), part);
            } else {
                plan.copy(group.fieldStart(), group.valueEnd());
            }
        }
        return place;
    }

    /** Writes the resource with what is known of it. @param bytes of the Resource* that are its sender's */
    private void enrich(int place, int resource, int bytes, int nodeFrom, int nodeTo) {
        Enriched enriched = resources.enrich(
                body, bodyFrom, bodyTo, request, nodeFrom, nodeTo, caller, headers, items.seenEpochNanos());
        byte[] made = enriched.body();
        notes.resource(enriched.sender(), scopes.kept() + scopes.dropped(), bytes, enriched.mismatch());
        if (made != null) {
            groupChanged = true;
            plan.fill(place, RequestFields.RESOURCE, made, 0, made.length);
        } else if (body != request) {
            plan.fill(place, RequestFields.RESOURCE, body, bodyFrom, bodyTo);
        } else if (resource >= 0) {
            plan.keep(place, resource, bodyTo);
        }
    }

    /** Writes one Resource* for each pod that the spans are of, instead of the one that is open. */
    private boolean split(int from, int to, int resource) {
        int parts = split.read(request, from, to);
        splitRoom -= (long) parts * (to - from - split.spansLength());
        if (splitRoom < 0) {
            int foreign = split.foreignPart();
            if (foreign == PodSplit.ALL) {
                spans.forgetNodes();
            } else {
                spans.onlyNode(split.nodeStart(foreign), split.nodeEnd(foreign));
            }
            return false;
        }
        plan.cancel();
        for (int part = 0; part < parts; part++) {
            plan.open(RequestFields.RESOURCES);
            split.begin();
            int place = group(from, to, resource, part);
            if (scopes.isEmpty()) {
                dropped += scopes.dropped();
                changed = true;
                notes.resource(null, scopes.dropped(), (to - from) / parts, false);
                plan.cancel();
                continue;
            }
            enrich(place, resource, (to - from) / parts, split.nodeStart(part), split.nodeEnd(part));
            end(groups.fieldStart(), to);
        }
        return true;
    }
}
