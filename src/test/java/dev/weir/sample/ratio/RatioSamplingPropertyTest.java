package dev.weir.sample.ratio;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Signal;
import dev.weir.sample.ratio.RatioConfig.Mode;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random requests against a second, slow implementation on strings and whole messages. Seeds are fixed;
 * {@code -Dweir.property.seed} tries another.
 */
class RatioSamplingPropertyTest {

    private static final int REQUESTS = 1_500;
    private static final List<String> MALFORMED =
            List.of("ot=th:", "ot=rv:1", "a", "ot=th:8,ot=th:8", "ot=th:8;;x:1", "A=1,ot=th:8");
    private static final double[] RATIOS = {0.999, 0.9, 0.5, 0.3, 0.1, 0.02};

    private final long seed = Long.getLong("weir.property.seed", 1);

    @ParameterizedTest
    @EnumSource(Mode.class)
    void shouldDoWhatTheSlowOneDoes(Mode mode) throws Exception {
        for (int i = 0; i < REQUESTS; i++) {
            Random random = new Random(seed + i);
            double ratio = RATIOS[random.nextInt(RATIOS.length)];
            ExportTraceServiceRequest request = request(random);
            ExportTraceServiceRequest expected = new SlowSampler(ratio, mode).sample(request);
            byte[] bytes = request.toByteArray();
            StageFixture fixture = StageFixture.of(ratio, mode);

            Payload passed = fixture.send(Signal.TRACES, bytes);

            if (passed == null) {
                assertThat(spans(expected)).as("seed %d", seed + i).isEmpty();
            } else {
                ExportTraceServiceRequest sampled = ExportTraceServiceRequest.parseFrom(passed.bytes());
                assertThat(spans(sampled).stream().map(Span::getTraceState))
                        .as("seed %d", seed + i)
                        .containsExactlyElementsOf(spans(expected).stream()
                                .map(Span::getTraceState)
                                .toList());
                assertThat(sampled).as("seed %d", seed + i).isEqualTo(expected);
                assertThat(passed.bytes() == bytes)
                        .as("seed %d: the same array when nothing changes", seed + i)
                        .isEqualTo(expected.equals(request));
            }
        }
    }

    /** Spans that upstream samplers thinned out by 1, 0.5 and 0.2: what is kept must stand for what there was. */
    @ParameterizedTest
    @CsvSource({"EQUALIZING, 0.3", "EQUALIZING, 0.01", "PROPORTIONAL, 0.3", "PROPORTIONAL, 0.05"})
    void shouldKeepCountsUnbiased(Mode mode, double ratio) throws Exception {
        Random random = new Random(seed);
        double[] upstream = {1, 0.5, 0.2};
        int truth = 300_000;
        ScopeSpans.Builder spans = ScopeSpans.newBuilder();
        double variance = 0;
        for (int i = 0; i < truth; i++) {
            byte[] id = id(random);
            long randomness = new java.math.BigInteger(1, java.util.Arrays.copyOfRange(id, 9, 16)).longValue();
            double share = upstream[i % 3];
            double kept = mode == Mode.EQUALIZING ? Math.min(share, ratio) : share * ratio;
            variance += (1 - kept) / kept;
            if (randomness >= Threshold.ofRatio(share)) {
                String digits = share == 1 ? "0" : share == 0.5 ? "8" : "cccccccccccccd";
                spans.addSpans(Span.newBuilder()
                        .setTraceId(ByteString.copyFrom(id))
                        .setSpanId(ByteString.copyFrom(id, 0, 8))
                        .setTraceState("ot=th:" + digits));
            }
        }
        byte[] request = ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(spans))
                .build()
                .toByteArray();

        Payload passed = StageFixture.of(ratio, mode).send(Signal.TRACES, request);

        double estimate = 0;
        assertThat(passed).isNotNull();
        for (Span span : spans(ExportTraceServiceRequest.parseFrom(passed.bytes()))) {
            String th = span.getTraceState().substring("ot=th:".length());
            estimate += 0x1p56 / (0x1p56 - Long.parseLong((th + "00000000000000").substring(0, 14), 16));
        }
        assertThat(Math.abs(estimate - truth))
                .as("estimated %f, were %d", estimate, truth)
                .isLessThan(4 * Math.sqrt(variance));
    }

    /** A second gateway of the same ratio finds nothing to do; one of a smaller ratio keeps a part of the same. */
    @Test
    void shouldAgreeWithOtherGateways() throws Exception {
        for (int i = 0; i < REQUESTS; i++) {
            byte[] request = consistent(new Random(seed + i));
            Payload once = StageFixture.of(0.5, Mode.EQUALIZING).send(Signal.TRACES, request);
            Payload less = StageFixture.of(0.1, Mode.EQUALIZING).send(Signal.TRACES, request);
            if (once == null) {
                assertThat(less).as("seed %d", seed + i).isNull();
                continue;
            }

            Payload twice = StageFixture.of(0.5, Mode.EQUALIZING).send(Signal.TRACES, once.bytes());
            Payload thenLess = StageFixture.of(0.1, Mode.EQUALIZING).send(Signal.TRACES, once.bytes());

            assertThat(twice).isNotNull();
            assertThat(twice.bytes()).as("seed %d", seed + i).isSameAs(once.bytes());
            assertThat(thenLess == null).isEqualTo(less == null);
            if (less != null && thenLess != null) {
                assertThat(ExportTraceServiceRequest.parseFrom(thenLess.bytes()))
                        .as("seed %d", seed + i)
                        .isEqualTo(ExportTraceServiceRequest.parseFrom(less.bytes()));
            }
        }
    }

    /** A request of which no span has a threshold that is inconsistent, or a trace state that is malformed. */
    private static byte[] consistent(Random random) {
        ExportTraceServiceRequest.Builder request = request(random).toBuilder();
        for (ResourceSpans.Builder resource : request.getResourceSpansBuilderList()) {
            for (ScopeSpans.Builder scope : resource.getScopeSpansBuilderList()) {
                for (Span.Builder span : scope.getSpansBuilderList()) {
                    String state = span.getTraceState();
                    boolean isFull = state.chars().filter(c -> c == ',').count() > 30;
                    span.setTraceState(
                            isFull || MALFORMED.contains(state) ? "" : state.replaceAll("th:[0-9a-f]+", "th:0"));
                }
            }
        }
        return request.build().toByteArray();
    }

    @Test
    void shouldSplitTheTraceNowhere() throws Exception {
        Random random = new Random(seed);
        StageFixture fixture = StageFixture.of(0.5, Mode.EQUALIZING);
        for (int i = 0; i < 300; i++) {
            byte[] traceId = id(random);
            ScopeSpans.Builder spans = ScopeSpans.newBuilder();
            for (int n = 0; n < 5; n++) {
                spans.addSpans(Span.newBuilder()
                        .setTraceId(ByteString.copyFrom(traceId))
                        .setSpanId(ByteString.copyFrom(id(random), 0, 8)));
            }
            Payload passed = fixture.send(
                    Signal.TRACES,
                    ExportTraceServiceRequest.newBuilder()
                            .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(spans))
                            .build()
                            .toByteArray());
            assertThat(passed == null ? 5 : passed.items()).isEqualTo(5);
        }
        assertThat(fixture.passedOn.size()).isBetween(100, 200);
    }

    private static List<Span> spans(ExportTraceServiceRequest request) {
        return request.getResourceSpansList().stream()
                .flatMap(r -> r.getScopeSpansList().stream())
                .flatMap(s -> s.getSpansList().stream())
                .toList();
    }

    private static ExportTraceServiceRequest request(Random random) {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        for (int r = random.nextInt(4); r >= 0; r--) {
            ResourceSpans.Builder resource = ResourceSpans.newBuilder().setSchemaUrl("r" + r);
            for (int s = random.nextInt(3); s >= 0; s--) {
                ScopeSpans.Builder scope = ScopeSpans.newBuilder()
                        .setScope(InstrumentationScope.newBuilder().setName("s".repeat(random.nextInt(200))));
                for (int n = random.nextInt(4); n > 0; n--) {
                    byte[] id = id(random);
                    scope.addSpans(Span.newBuilder()
                            .setTraceId(ByteString.copyFrom(id))
                            .setSpanId(ByteString.copyFrom(id, 0, 8))
                            .setName("n".repeat(random.nextInt(300)))
                            .setTraceState(traceState(random)));
                }
                resource.addScopeSpans(scope);
            }
            request.addResourceSpans(resource);
        }
        return request.build();
    }

    private static String traceState(Random random) {
        int kind = random.nextInt(10);
        if (kind < 3) {
            return "";
        }
        if (kind == 3) {
            return MALFORMED.get(random.nextInt(MALFORMED.size()));
        }
        List<String> members = new ArrayList<>();
        if (random.nextInt(3) > 0) {
            members.add("th:" + new String[] {"0", "8", "c", "e6666666666666", "f0", "2"}[random.nextInt(6)]);
        }
        if (random.nextInt(3) == 0) {
            members.add("rv:" + HexFormat.of().toHexDigits(random.nextLong(), 14));
        }
        if (random.nextInt(3) == 0) {
            members.add("x" + random.nextInt(9) + ":Va.l_u-e");
        }
        java.util.Collections.shuffle(members, random);
        List<String> entries = new ArrayList<>();
        for (int n = random.nextInt(random.nextInt(5) == 0 ? 33 : 4); n > 0; n--) {
            entries.add("k" + n + "=v " + random.nextInt(1000));
        }
        if (!members.isEmpty() && entries.size() < 32) {
            entries.add(random.nextInt(entries.size() + 1), "ot=" + String.join(";", members));
        }
        return String.join(random.nextBoolean() ? "," : " ,\t", entries);
    }

    private static byte[] id(Random random) {
        byte[] id = new byte[16];
        random.nextBytes(id);
        return id;
    }
}
