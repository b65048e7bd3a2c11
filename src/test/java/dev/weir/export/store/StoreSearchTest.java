package dev.weir.export.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.Ledger;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random traces and queries: the index finds what a scan of everything finds. */
final class StoreSearchTest {

    private record Kept(String service, Span span) {}

    private final Map<String, List<Kept>> sent = new TreeMap<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldFindWhatAScanFinds(long seed) {
        // Given
        Random random = new Random(seed);
        TraceStore store = Traces.store(2 << 20, new Ledger());
        for (int batch = 0; batch < 300; batch++) {
            Traces.send(store, randomRequest(random));
        }
        sent.keySet().removeIf(id -> store.trace(id).isEmpty()); // evicted; which are, is another test's

        int hits = 0;
        for (int i = 0; i < 300; i++) {
            // When
            Query query = randomQuery(random);
            List<String> found =
                    store.search(query).stream().map(TraceSummary::traceId).toList();

            // Then
            List<String> expected = sent.entrySet().stream()
                    .filter(trace -> matches(query, trace.getValue()))
                    .map(Map.Entry::getKey)
                    .toList();
            assertThat(found).doesNotHaveDuplicates().allMatch(expected::contains);
            assertThat(found).hasSize(Math.min(query.limit(), expected.size()));
            hits += found.size();
        }
        assertThat(hits).isPositive();
        assertThat(store.traces()).isEqualTo(sent.size());
    }

    private ExportTraceServiceRequest randomRequest(Random random) {
        List<ResourceSpans> resources = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            String service = "service-" + random.nextInt(4);
            List<Span> spans = new ArrayList<>();
            for (int j = random.nextInt(6); j >= 0; j--) {
                long trace = 1 + random.nextInt(2_000);
                Span span = Traces.span(trace, random.nextLong(), "name-" + random.nextInt(5))
                        .setEndTimeUnixNano(
                                (1_700_000_000L + trace) * Traces.SECOND + random.nextInt(1_000) * 1_000_000L)
                        .setStatus(Traces.status(Query.Status.values()[random.nextInt(3)]))
                        .addAttributes(Traces.number("code", random.nextInt(3)))
                        .addAttributes(Traces.string("user", "u" + random.nextInt(20)))
                        .build();
                spans.add(span);
                sent.computeIfAbsent(Traces.hex(trace), id -> new ArrayList<>()).add(new Kept(service, span));
            }
            resources.add(Traces.of(service, spans.toArray(Span[]::new)));
        }
        return Traces.request(resources.toArray(ResourceSpans[]::new));
    }

    private static Query randomQuery(Random random) {
        List<Query.Attribute> attributes = new ArrayList<>();
        if (random.nextBoolean()) {
            attributes.add(new Query.Attribute("code", "" + random.nextInt(4)));
        }
        if (random.nextInt(3) == 0) {
            attributes.add(new Query.Attribute("user", "u" + random.nextInt(21)));
        }
        if (random.nextInt(3) == 0) {
            attributes.add(new Query.Attribute("host", "host-of-service-" + random.nextInt(5)));
        }
        return new Query(
                sometimes(random, "service-" + random.nextInt(5)),
                sometimes(random, "name-" + random.nextInt(6)),
                sometimes(random, Duration.ofMillis(random.nextInt(1_100))),
                sometimes(random, Query.Status.values()[random.nextInt(3)]),
                attributes,
                random.nextBoolean() ? 1_000 : 1 + random.nextInt(20));
    }

    private static <T> @Nullable T sometimes(Random random, T value) {
        return random.nextInt(3) == 0 ? value : null;
    }

    private static boolean matches(Query query, List<Kept> trace) {
        long start = trace.stream()
                .mapToLong(k -> k.span.getStartTimeUnixNano())
                .min()
                .orElseThrow();
        long end =
                trace.stream().mapToLong(k -> k.span.getEndTimeUnixNano()).max().orElseThrow();
        Duration minDuration = query.minDuration();
        return (minDuration == null || end - start >= minDuration.toNanos())
                && trace.stream().anyMatch(kept -> matches(query, kept));
    }

    private static boolean matches(Query query, Kept kept) {
        String service = query.service();
        String name = query.name();
        Query.Status status = query.status();
        return (service == null || service.equals(kept.service))
                && (name == null || name.equals(kept.span.getName()))
                && (status == null || status.ordinal() == kept.span.getStatus().getCodeValue())
                && query.attributes().stream().allMatch(wanted -> hasAttribute(kept, wanted));
    }

    private static boolean hasAttribute(Kept kept, Query.Attribute wanted) {
        return wanted.key().equals("host") && wanted.value().equals("host-of-" + kept.service)
                || kept.span.getAttributesList().stream()
                        .anyMatch(a -> a.getKey().equals(wanted.key()) && text(a).equals(wanted.value()));
    }

    private static String text(KeyValue attribute) {
        return attribute.getValue().hasIntValue()
                ? Long.toString(attribute.getValue().getIntValue())
                : attribute.getValue().getStringValue();
    }
}
