package dev.weir.sample.tail;

import static dev.weir.sample.tail.TailFixture.attribute;
import static dev.weir.sample.tail.TailFixture.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds whatever comes in whatever order. */
final class TailStagePropertyTest {

    private static final String[] POLICIES = {
        """
        - { name: health, drop: { string: { key: route, values: [/health] } } }
        - { name: errors, status: [error] }
        - { name: slow, latency: { at-least: 5s } }
        - { name: pay, and: [ { string: { key: route, values: [/pay] } }, { ratio: 0.75 } ] }
        - { name: rest, ratio: 0.5 }
        """,
        """
        - { name: many, span-count: { at-least: 12 } }
        - { name: often, condition: "spans.filter(s, s.attributes['route'] == '/pay').size() >= 2" }
        - { name: fine, and: [ { not: { status: [error] } }, { ratio: 0.25 } ] }
        """,
        "- { name: pays, scope: root, and: [ { string: { key: route, values: [/pay] } }, { status: [unset] } ] }"
    };

    private static final String[] ROUTES = {"/pay", "/health", "/a", "/b", "/c", "/d", "/e"};

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldConserveSpansAndTearNoTrace(long seed) {
        Random random = new Random(seed);
        boolean isTight = seed % 2 == 0;
        TailSettings settings = new TailSettings(
                5, 2, 64 << 10, 40, random.nextBoolean(), 1 << 20, 1 << 16, seed % 3 == 0 ? 1 : 0, false);
        Map<ByteString, Integer> taken = new HashMap<>();
        int refused = 0;
        int step = 0;
        try (TailFixture tail = new TailFixture(POLICIES[0], settings, isTight ? 2 << 20 : 16 << 20, 4)) {
            for (int i = 0; i < 1500; i++) {
                int dice = random.nextInt(100);
                if (dice < 88) {
                    List<Span> spans = new ArrayList<>();
                    for (int n = random.nextInt(30); n >= 0; n--) {
                        spans.add(randomSpan(random, i / 30 * 10 + random.nextInt(20), isTight ? 2500 : 50));
                    }
                    if (tail.send("service " + random.nextInt(5), spans)) {
                        spans.forEach(span -> taken.merge(span.getTraceId(), 1, Integer::sum));
                    } else {
                        refused++;
                    }
                } else if (dice < 91) {
                    tail.tick(random.nextDouble());
                } else if (dice < 95) {
                    tail.stage.loop().round();
                } else if (dice < 97) {
                    tail.reload(POLICIES[random.nextInt(POLICIES.length)]);
                } else {
                    tail.next.refusals = random.nextInt(5);
                }
                step = Math.max(step, tail.stage.overload());
                tail.assertConserved();
            }
            tail.stage.loop().start();
            tail.stage.drain(Deadline.in(Duration.ofSeconds(60)));

            assertThat(tail.held()).isZero();
            Map<ByteString, List<Span>> kept = tail.next.traces();
            assertThat(kept).isNotEmpty().hasSizeLessThan(taken.size());
            kept.forEach((id, spans) -> assertThat(spans).hasSize(taken.get(id)));
            kept.values().forEach(spans -> spans.forEach(TailStagePropertyTest::assertThresholdNotLowered));
        }
        assertThat(step > 0 || refused > 0).as("memory was short").isEqualTo(isTight);
    }

    /** Which trace it is says what its spans carry. */
    private static Span randomSpan(Random random, int trace, int padding) {
        Random ofTrace = new Random(trace);
        long low = ofTrace.nextLong();
        Span.Builder span = span(trace, low, random.nextLong() | 1)
                .setEndTimeUnixNano(1_000 * TailFixture.SECOND + random.nextLong(6 * TailFixture.SECOND))
                .addAttributes(attribute("route", ROUTES[random.nextInt(ROUTES.length)]))
                .addAttributes(attribute("padding", "x".repeat(random.nextInt(padding))));
        if (random.nextInt(4) > 0) {
            span.setParentSpanId(TailFixture.spanId(1));
        }
        if (random.nextInt(12) == 0) {
            span.setStatus(Status.newBuilder().setCodeValue(2));
        }
        if (ofTrace.nextBoolean() && (low & 0xff_ffff_ffff_ffffL) >= 0x40_0000_0000_0000L) {
            span.setTraceState("ot=th:4,other=1");
        }
        return span.build();
    }

    private static void assertThresholdNotLowered(Span span) {
        if (span.getTraceState().contains("other=1")) {
            assertThat(threshold(span)).isGreaterThanOrEqualTo(0x40_0000_0000_0000L);
        }
        assertThat(threshold(span)).isLessThanOrEqualTo(randomness(span));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldDecideAlikeWhateverTheOrderAndTheRequests(long seed) {
        Random random = new Random(seed);
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            spans.add(randomSpan(random, random.nextInt(300), 20));
        }
        for (String policies : POLICIES) {
            Map<ByteString, Set<String>> first = keptOf(policies, spans, random);
            Collections.shuffle(spans, random);
            Map<ByteString, Set<String>> second = keptOf(policies, spans, random);

            assertThat(second).isNotEmpty().isEqualTo(first);
        }
    }

    /** Kept traces, and what trace states their spans have. */
    private static Map<ByteString, Set<String>> keptOf(String policies, List<Span> spans, Random random) {
        try (TailFixture tail = new TailFixture(policies, TailFixture.settings(5, 5), 16 << 20, 4)) {
            for (int i = 0; i < spans.size(); ) {
                int to = Math.min(spans.size(), i + 1 + random.nextInt(60));
                assertThat(tail.send(spans.subList(i, to))).isTrue();
                i = to;
                if (random.nextInt(5) == 0) {
                    tail.round(); // only what is certain is decided
                }
            }
            tail.tick(7);
            Map<ByteString, Set<String>> kept = new HashMap<>();
            tail.next.traces().forEach((id, of) -> {
                Set<String> states = new TreeSet<>();
                of.forEach(span -> states.add(span.getTraceState()));
                kept.put(id, states);
            });
            return kept;
        }
    }

    @Test
    void shouldLetCountsBeScaledBack() {
        String policies = """
                - { name: errors, status: [error] }
                - { name: pay, and: [ { string: { key: route, values: [/pay] } }, { ratio: 0.5 } ] }
                - { name: rest, ratio: 0.1 }
                """;
        Random random = new Random(5);
        int truth = 0;
        try (TailFixture tail = new TailFixture(policies, TailFixture.settings(5, 5), 64 << 20, 4)) {
            for (int i = 0; i < 20_000; i++) {
                Span.Builder span = span(i, random.nextLong(), 1)
                        .addAttributes(attribute("route", ROUTES[random.nextInt(ROUTES.length)]));
                if (random.nextInt(50) == 0) {
                    span.setStatus(Status.newBuilder().setCodeValue(2));
                }
                truth++;
                if (i % 2 == 0) { // sampled to a quarter upstream
                    span.setTraceState("ot=th:c");
                    if (randomness(span.build()) < 0xc0_0000_0000_0000L) {
                        continue;
                    }
                }
                tail.send(span.build());
            }
            tail.tick(10);

            assertAdjustedCount(tail.next.spans(), truth);
        }
    }

    @Test
    void shouldLetCountsBeScaledBackWhenSampledAtTheHead() {
        String policies = "- { name: fine, and: [ { not: { status: [error] } }, { ratio: 0.5 } ] }";
        Random random = new Random(6);
        String padding = "x".repeat(1000);
        int truth = 0;
        try (TailFixture tail = new TailFixture(policies, TailFixture.settings(30, 30), 4 << 20, 4)) {
            for (int i = 0; i < 20_000; i++) {
                Span span = span(i, random.nextLong(), 1)
                        .addAttributes(attribute("padding", padding))
                        .build();
                truth += tail.send(span) ? 1 : 0;
                if (i % 60 == 0) {
                    tail.tick(0.1);
                }
            }
            tail.tick(40);

            assertThat(tail.ledger.read(Signal.TRACES).sampledOut().get(TailStage.OVERLOAD))
                    .isGreaterThan(500);
            assertAdjustedCount(tail.next.spans(), truth);
        }
    }

    /** Each kept span counts for 1/p; their sum has the variance Σ(1−p)/p², by what was kept. */
    private static void assertAdjustedCount(List<Span> kept, int truth) {
        double sum = 0;
        double variance = 0;
        for (Span span : kept) {
            double p = 1 - threshold(span) * 0x1p-56;
            sum += 1 / p;
            variance += (1 - p) / (p * p);
        }
        assertThat(kept.size()).isLessThan(truth / 2);
        assertThat(sum).isCloseTo(truth, within(4 * Math.sqrt(variance)));
    }

    private static long randomness(Span span) {
        return span.getTraceId().asReadOnlyByteBuffer().getLong(8) & 0xff_ffff_ffff_ffffL;
    }

    /** 0 when it has none. */
    private static long threshold(Span span) {
        String state = span.getTraceState();
        int from = state.indexOf("th:");
        if (from < 0) {
            return 0;
        }
        String digits = state.substring(from + 3).split("[,;]")[0];
        return Long.parseLong(digits + "0".repeat(14 - digits.length()), 16);
    }
}
