package dev.weir.enrich;

import dev.weir.otlp.AttributeView;
import dev.weir.otlp.EditPlan;
import dev.weir.otlp.FieldCursor;
import dev.weir.otlp.RequestFields;

/** Plans what becomes of the Scope* of a Resource*. Reusable; for one thread; allocates nothing for an item. */
final class ScopeEnricher {

    private final EditPlan plan;
    private final ItemEnricher items;
    private final PodSplit split;
    private final FieldCursor field = new FieldCursor();

    private long most;
    private boolean changed;
    private int kept;
    private int stays;
    private int dropped;

    /** @param split says which items are of the part that is written */
    ScopeEnricher(EditPlan plan, ItemEnricher items, PodSplit split) {
        this.plan = plan;
        this.items = items;
        this.split = split;
    }

    /**
     * Begins with a Resource*, or with a part of it.
     *
     * @param most bytes that the request may become; what is longer is not planned to its end
     */
    void begin(long most) {
        this.most = most;
        changed = false;
        kept = 0;
        stays = 0;
        dropped = 0;
    }

    /** Whether anything became other than it was. */
    boolean isChanged() {
        return changed;
    }

    /** Spans, data points or log records that stay. */
    int kept() {
        return kept;
    }

    /** Whether no item stays. */
    boolean isEmpty() {
        return stays == 0;
    }

    /** Items that are left out, but those of other parts. */
    int dropped() {
        return dropped;
    }

    /**
     * Plans the Scope* whose field begins there, and whose body lies there.
     *
     * @param part of a split, whose items alone are taken
     */
    void scope(byte[] request, int fieldStart, int from, int to, int part) {
        int staysBefore = stays;
        boolean hadItems = false;
        boolean scopeChanged = part != PodSplit.ALL;
        items.beginScope();
        plan.open(RequestFields.SCOPES);
        int at = from;
        while (at < to && plan.length() <= most) {
            if (part == PodSplit.ALL) {
                at = items.pass(at, to);
                stays += items.count();
                kept += items.count();
            }
            if (!field.reset(request, at, to).next()) {
                break;
            }
            at = field.valueEnd();
            if (field.isContent(RequestFields.ITEMS)) {
                hadItems = true;
                if (part == PodSplit.ALL || split.isNext(part)) {
                    scopeChanged |= item();
                }
            } else if (field.isContent(RequestFields.SCOPE)) {
                items.scope(field.valueStart(), at);
                scopeChanged |= items.message(
                        RequestFields.SCOPE, AttributeView.OF_SCOPE, field.fieldStart(), field.valueStart(), at);
            } else {
                plan.copy(field.fieldStart(), at);
            }
        }
        changed |= scopeChanged;
        boolean isEmptied = stays == staysBefore && (hadItems || part > 0);
        if (!isEmptied && scopeChanged) {
            plan.close();
            return;
        }
        plan.cancel();
        if (!isEmptied) {
            plan.copy(fieldStart, to);
        }
    }

    /** Whether the item becomes another, or none. */
    private boolean item() {
        int became = items.item(field.fieldStart(), field.valueStart(), field.valueEnd());
        if (became == ItemEnricher.DROPPED) {
            dropped++;
        } else {
            stays++;
            kept += items.count();
        }
        return became != ItemEnricher.UNCHANGED;
    }
}
