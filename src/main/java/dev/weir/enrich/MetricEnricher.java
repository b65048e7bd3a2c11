package dev.weir.enrich;

import dev.weir.otlp.EditPlan;
import dev.weir.otlp.FieldCursor;
import dev.weir.otlp.RequestFields;

/** Plans what becomes of a metric: the attributes of its data points. Reusable; for one thread; allocates nothing. */
final class MetricEnricher {

    private static final int POINTS = 1;

    private final EnrichRules rules;
    private final EditPlan plan;
    private final ItemEnricher items;
    private final FieldCursor metric = new FieldCursor();
    private final FieldCursor data = new FieldCursor();
    private int points;

    MetricEnricher(EnrichRules rules, EditPlan plan, ItemEnricher items) {
        this.rules = rules;
        this.plan = plan;
        this.items = items;
    }

    /** Data points of the metric that was planned last. */
    int points() {
        return points;
    }

    /** Whether anything in the metric, whose field begins there, is changed. */
    boolean metric(byte[] request, int fieldStart, int from, int to) {
        if (!catches(request, from, to)) {
            plan.copy(fieldStart, to);
            return false;
        }
        boolean changed = false;
        plan.open(RequestFields.ITEMS);
        metric.reset(request, from, to);
        while (metric.next()) {
            int attributes = attributes(metric.tag());
            if (attributes == 0) {
                plan.copy(metric.fieldStart(), metric.valueEnd());
                continue;
            }
            plan.open(metric.tag() >>> 3);
            data.reset(request, metric.valueStart(), metric.valueEnd());
            while (data.next()) {
                if (data.isContent(POINTS)) {
                    changed |= items.message(POINTS, attributes, data.fieldStart(), data.valueStart(), data.valueEnd());
                } else {
                    plan.copy(data.fieldStart(), data.valueEnd());
                }
            }
            plan.close();
        }
        if (changed) {
            plan.close();
        } else {
            plan.cancel();
            plan.copy(fieldStart, to);
        }
        return changed;
    }

    /** Whether a data point may have an attribute of which something is to be done. Counts the points. */
    private boolean catches(byte[] request, int from, int to) {
        boolean caught = false;
        points = 0;
        metric.reset(request, from, to);
        while (metric.next()) {
            int attributes = attributes(metric.tag());
            if (attributes != 0) {
                data.reset(request, metric.valueStart(), metric.valueEnd());
                while (data.next()) {
                    if (data.isContent(POINTS)) {
                        points++;
                        caught = caught || rules.sieve.catches(request, data.valueStart(), data.valueEnd(), attributes);
                    }
                }
            }
        }
        return caught;
    }

    /** The field of a data point that holds its attributes, by the field of a Metric that holds the points; else 0. */
    private static int attributes(int tag) {
        return switch (tag) {
            case 0x2a /* gauge */, 0x3a /* sum */, 0x5a /* summary */ -> 7;
            case 0x4a /* histogram */ -> 9;
            case 0x52 /* exponential histogram */ -> 1;
            default -> 0;
        };
    }
}
