package dev.weir.it;

import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What requests hold, however they were batched: every span, metric and log record with its resource, scope and schema
 * addresses, and how often it occurs. Two are equal when exactly the same was said, field by field.
 *
 * @param counts how often each item occurs
 */
record Items(Map<Item, Integer> counts) {

    /** One item and all that is said about it by what surrounds it. */
    record Item(
            Resource resource, String resourceSchema, InstrumentationScope scope, String scopeSchema, Message item) {}

    static Items of(Message... requests) {
        return of(List.of(requests));
    }

    static Items of(Collection<? extends Message> requests) {
        Items items = new Items(new HashMap<>());
        requests.forEach(items::addRequest);
        return items;
    }

    int count() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** The spans', metrics' and log records' own messages of one type, each once. */
    <T extends Message> List<T> of(Class<T> type) {
        return counts.keySet().stream()
                .map(Item::item)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /** What is in one and not in the other, for a message that a person can read; empty when both are equal. */
    String difference(Items actual) {
        Map<String, Integer> lines = new TreeMap<>();
        counts.forEach((item, n) -> note(lines, "missing", item, n - actual.counts.getOrDefault(item, 0)));
        actual.counts.forEach((item, n) -> note(lines, "too many", item, n - counts.getOrDefault(item, 0)));
        StringBuilder text = new StringBuilder();
        lines.entrySet().stream()
                .limit(4)
                .forEach(e -> text.append(e.getValue()).append(" × ").append(e.getKey()));
        return lines.size() > 4 ? text + "… and " + (lines.size() - 4) + " more" : text.toString();
    }

    private static void note(Map<String, Integer> lines, String what, Item item, int n) {
        if (n > 0) {
            lines.merge(what + ": " + item + "\n", n, Integer::sum);
        }
    }

    private void addRequest(Message request) {
        switch (request) {
            case ExportTraceServiceRequest traces ->
                traces.getResourceSpansList()
                        .forEach(r -> r.getScopeSpansList()
                                .forEach(s -> addAll(
                                        r.getResource(),
                                        r.getSchemaUrl(),
                                        s.getScope(),
                                        s.getSchemaUrl(),
                                        s.getSpansList())));
            case ExportMetricsServiceRequest metrics ->
                metrics.getResourceMetricsList()
                        .forEach(r -> r.getScopeMetricsList()
                                .forEach(s -> addAll(
                                        r.getResource(),
                                        r.getSchemaUrl(),
                                        s.getScope(),
                                        s.getSchemaUrl(),
                                        s.getMetricsList())));
            case ExportLogsServiceRequest logs ->
                logs.getResourceLogsList()
                        .forEach(r -> r.getScopeLogsList()
                                .forEach(s -> addAll(
                                        r.getResource(),
                                        r.getSchemaUrl(),
                                        s.getScope(),
                                        s.getSchemaUrl(),
                                        s.getLogRecordsList())));
            default -> throw new IllegalArgumentException(request.getClass().getName());
        }
    }

    private void addAll(
            Resource resource,
            String resourceSchema,
            InstrumentationScope scope,
            String scopeSchema,
            List<? extends Message> items) {
        for (Message item : items) {
            counts.merge(new Item(resource, resourceSchema, scope, scopeSchema, item), 1, Integer::sum);
        }
    }
}
