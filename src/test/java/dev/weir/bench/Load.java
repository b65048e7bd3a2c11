package dev.weir.bench;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What is sent, and how.
 *
 * @param kind what items are
 * @param items in a request
 * @param scattered whether the ten items of a trace stand in ten requests of ten services
 * @param protocol to the gateway
 * @param gzip whether requests are compressed
 * @param connections to the gateway
 */
record Load(Kind kind, int items, boolean scattered, Protocol protocol, boolean gzip, int connections) {

    /** What items are. */
    enum Kind {
        SDK_SPANS,
        ENVOY_SPANS,
        LOGS,
        METRICS
    }

    /** OTLP's two. */
    enum Protocol {
        GRPC,
        HTTP
    }

    Load withItems(int other) {
        return new Load(kind, other, scattered, protocol, gzip, connections);
    }

    List<Template> templates() {
        return switch (kind) {
            case LOGS -> List.of(Template.logs(items));
            case METRICS -> List.of(Template.metrics(items));
            case SDK_SPANS, ENVOY_SPANS ->
                scattered
                        ? IntStream.range(0, Traffic.ITEMS_A_TRACE)
                                .mapToObj(service -> spans("service-" + service, item -> service == 0))
                                .toList()
                        : wholeTraces();
        };
    }

    /** A request may begin in the middle of a trace: one template for each place where it can. */
    private List<Template> wholeTraces() {
        return IntStream.iterate(0, first -> first < Traffic.ITEMS_A_TRACE * items, first -> first + items)
                .takeWhile(first -> first == 0 || first % Traffic.ITEMS_A_TRACE != 0)
                .mapToObj(first -> spans("service", item -> (first + item) % Traffic.ITEMS_A_TRACE == 0))
                .toList();
    }

    private Template spans(String service, IntPredicate isRoot) {
        return kind == Kind.SDK_SPANS ? Template.sdkSpans(service, items, isRoot) : Template.envoySpans(items, isRoot);
    }
}
