package dev.weir.sample.ratio;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Signal;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.contrib.sampler.consistent56.ConsistentSampler;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the consistent sampler for OpenTelemetry's Java SDK: the same traces are kept, with the same threshold. */
class SdkSamplerInteropTest {

    private static final int TRACES = 20_000;

    @ParameterizedTest
    @ValueSource(doubles = {0.9, 0.5, 1.0 / 3, 0.25, 0.1, 0.01, 0.001})
    void shouldKeepTheSameTracesWithTheSameThreshold(double ratio) throws Exception {
        // Given
        Random random = new Random(42);
        ConsistentSampler sampler = ConsistentSampler.probabilityBased(ratio);
        Map<String, String> keptBySdk = new TreeMap<>();
        ScopeSpans.Builder spans = ScopeSpans.newBuilder();
        for (int i = 0; i < TRACES; i++) {
            byte[] id = new byte[16];
            random.nextBytes(id);
            String traceId = HexFormat.of().formatHex(id);
            String rv = i % 3 == 0 ? "rv:" + HexFormat.of().toHexDigits(random.nextLong(), 14) : "";
            spans.addSpans(Span.newBuilder()
                    .setTraceId(ByteString.copyFrom(id))
                    .setSpanId(ByteString.copyFrom(id, 0, 8))
                    .setTraceState(rv.isEmpty() ? "" : "ot=" + rv));
            String state = sampledBySdk(sampler, traceId, rv);
            if (state != null) {
                keptBySdk.put(traceId, state);
            }
        }
        byte[] request = ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(spans))
                .build()
                .toByteArray();

        // When
        Payload passed = StageFixture.of(ratio, RatioConfig.Mode.EQUALIZING).send(Signal.TRACES, request);

        // Then
        Map<String, String> kept = new TreeMap<>();
        assertThat(passed).isNotNull();
        for (Span span : ExportTraceServiceRequest.parseFrom(passed.bytes())
                .getResourceSpans(0)
                .getScopeSpans(0)
                .getSpansList()) {
            kept.put(HexFormat.of().formatHex(span.getTraceId().toByteArray()), normal(span.getTraceState()));
        }
        assertThat(kept).isNotEmpty().isEqualTo(keptBySdk);
    }

    /** Its trace state when it is kept, else null. */
    private static String sampledBySdk(ConsistentSampler sampler, String traceId, String rv) {
        TraceState parent = rv.isEmpty()
                ? TraceState.getDefault()
                : TraceState.builder().put("ot", rv).build();
        Context context = Context.root()
                .with(io.opentelemetry.api.trace.Span.wrap(SpanContext.createFromRemoteParent(
                        traceId, "00000000000000ff", TraceFlags.getSampled(), parent)));
        SamplingResult result =
                sampler.shouldSample(context, traceId, "name", SpanKind.SERVER, Attributes.empty(), List.of());
        return result.getDecision() == SamplingDecision.RECORD_AND_SAMPLE
                ? normal("ot=" + result.getUpdatedTraceState(parent).get("ot"))
                : null;
    }

    /** The order of an entry's members means nothing. */
    private static String normal(String otEntry) {
        return List.of(otEntry.substring(3).split(";")).stream()
                .sorted()
                .toList()
                .toString();
    }
}
