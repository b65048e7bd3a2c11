package dev.weir.sample.ratio;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Signal;
import dev.weir.sample.ratio.RatioConfig.Mode;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the stage owes to senders, to the ledger and to the bytes that it passes on. */
class RatioStageContractTest {

    private static final String HIGH = "ffffffffffffff";
    private static final String MIDDLE = "a0000000000000";
    private static final String LOW = "00000000000001";

    @Test
    void shouldPassOnTheSamePayloadWhenTheRatioIsOne() {
        StageFixture fixture = new StageFixture(1, 1, Mode.EQUALIZING, 0);
        byte[] request = request(span(LOW, "ot=th:f"));

        assertThat(fixture.send(Signal.TRACES, request))
                .isNotNull()
                .satisfies(p -> assertThat(p.bytes()).isSameAs(request));
        assertThat(fixture.send(Signal.METRICS, new byte[0])).isNotNull();
    }

    @Test
    void shouldPassOnTheSameBytesWhenAllIsKeptAndNothingChanges() {
        StageFixture fixture = StageFixture.of(0.5, Mode.EQUALIZING);
        byte[] request = request(span(HIGH, "ot=th:8"), span(MIDDLE, "ot=rv:ffffffffffffff;th:c"));

        Payload passed = fixture.send(Signal.TRACES, request);

        assertThat(passed).isNotNull();
        assertThat(passed.bytes()).isSameAs(request);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // mode, ratio, R, tracestate before, tracestate after (DROPPED: sampled out)
                "EQUALIZING, 0.5, ffffffffffffff, '', ot=th:8",
                "EQUALIZING, 0.5, 80000000000000, '', ot=th:8",
                "EQUALIZING, 0.5, 7fffffffffffff, '', DROPPED",
                "EQUALIZING, 0.1, ffffffffffffff, vendor=1, 'ot=th:e6666666666666,vendor=1'",
                "EQUALIZING, 0.5, ffffffffffffff, 'a=1,ot=th:4;x:y,b=2', 'ot=x:y;th:8,a=1,b=2'",
                "EQUALIZING, 0.5, ffffffffffffff, ot=th:c, ot=th:c",
                "EQUALIZING, 0.5, a0000000000000, ot=th:c, -",
                "EQUALIZING, 0.5, 20000000000000, ot=th:4, DROPPED",
                "EQUALIZING, 0.5, 00000000000001, ot=rv:90000000000000, ot=rv:90000000000000;th:8",
                "EQUALIZING, 0.5, ffffffffffffff, ot=rv:10000000000000, DROPPED",
                "EQUALIZING, 0.5, ffffffffffffff, ot=th:zz, ot=th:zz",
                "EQUALIZING, 0.5, 00000000000001, ot=th:zz, DROPPED",
                "PROPORTIONAL, 0.5, ffffffffffffff, ot=th:8, ot=th:c",
                "PROPORTIONAL, 0.5, a0000000000000, ot=th:8, DROPPED",
                "PROPORTIONAL, 0.5, c0000000000000, ot=th:8, ot=th:c",
                "PROPORTIONAL, 0.5, ffffffffffffff, ot=th:ffffffffffffff, DROPPED",
                "PROPORTIONAL, 0.5, 80000000000000, ot=th:0, ot=th:8"
            })
    void shouldDecideAndWriteAsTheSpecification(
            Mode mode, double ratio, String randomness, String before, @Nullable String after) throws Exception {
        StageFixture fixture = StageFixture.of(ratio, mode);

        Payload passed = fixture.send(Signal.TRACES, request(span(randomness, before)));

        if ("DROPPED".equals(after)) {
            assertThat(passed).isNull();
            assertThat(fixture.answers).containsExactly("accepted");
            assertThat(fixture.ledger.read(Signal.TRACES).sampledOut()).isEqualTo(Map.of("ratio", 1L));
        } else {
            assertThat(passed).isNotNull();
            Span kept = ExportTraceServiceRequest.parseFrom(passed.bytes())
                    .getResourceSpans(0)
                    .getScopeSpans(0)
                    .getSpans(0);
            assertThat(kept).isEqualTo(span(randomness, after == null ? "" : after));
        }
    }

    @Test
    void shouldLeaveOutScopesAndResourcesThatAreEmptiedAndKeepAllElseInOrder() throws Exception {
        StageFixture fixture = StageFixture.of(0.5, Mode.EQUALIZING);
        ExportTraceServiceRequest request = ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(resource("emptied").addScopeSpans(scope("s", span(LOW, ""))))
                .addResourceSpans(resource("kept")
                        .addScopeSpans(scope("emptied", span(LOW, ""), span(LOW, "a=b")))
                        .addScopeSpans(
                                scope("kept", span(LOW, ""), span(HIGH, "ot=th:c"), span(HIGH, ""), span(LOW, ""))))
                .addResourceSpans(resource("came empty"))
                .build();

        Payload passed = fixture.send(Signal.TRACES, request.toByteArray());

        assertThat(passed).isNotNull();
        assertThat(passed.items()).isEqualTo(2);
        assertThat(ExportTraceServiceRequest.parseFrom(passed.bytes()))
                .isEqualTo(ExportTraceServiceRequest.newBuilder()
                        .addResourceSpans(resource("kept")
                                .addScopeSpans(scope("kept", span(HIGH, "ot=th:c"), span(HIGH, "ot=th:8"))))
                        .addResourceSpans(resource("came empty"))
                        .build());
        assertThat(fixture.ledger.read(Signal.TRACES).sampledOut()).isEqualTo(Map.of("ratio", 5L));
    }

    @Test
    void shouldCountWhatIsNotQuiteAsItShouldBe() {
        StageFixture fixture = StageFixture.of(0.5, Mode.EQUALIZING);

        fixture.send(
                Signal.TRACES,
                request(span(HIGH, "ot=th:zz"), span(MIDDLE, "ot=th:c"), span(HIGH, "ot=x:" + "y".repeat(250))));

        assertThat(fixture.ledger.read(Signal.TRACES).irregular())
                .isEqualTo(Map.of("th_unwritable", 2L, "th_inconsistent", 1L));
    }

    @Test
    void shouldTakeAwayAThresholdThatThereIsNoRoomToRaise() throws Exception {
        StageFixture fixture = StageFixture.of(0.1, Mode.EQUALIZING);

        Payload passed = fixture.send(Signal.TRACES, request(span(HIGH, "ot=th:8;x:" + "y".repeat(248))));

        assertThat(passed).isNotNull();
        assertThat(ExportTraceServiceRequest.parseFrom(passed.bytes())
                        .getResourceSpans(0)
                        .getScopeSpans(0)
                        .getSpans(0)
                        .getTraceState())
                .isEqualTo("ot=x:" + "y".repeat(248));
    }

    @Test
    void shouldCountNothingOfARequestThatIsRefusedFurtherOn() {
        StageFixture fixture = StageFixture.of(0.5, Mode.EQUALIZING);
        fixture.refuseFromNowOn(Refusal.retryable(Refusal.Reason.QUEUE_FULL, "full", Duration.ofSeconds(1)));

        fixture.send(Signal.TRACES, request(span(HIGH, "ot=th:zz"), span(LOW, "")));

        assertThat(fixture.answers).containsExactly("queue_full");
        assertThat(fixture.ledger.read(Signal.TRACES).sampledOut()).isEmpty();
        assertThat(fixture.ledger.read(Signal.TRACES).irregular()).isEmpty();
    }

    @Test
    void shouldRefuseWhenThereIsNoMemoryForTheNewRequest() {
        StageFixture fixture = new StageFixture(0.5, 0.5, Mode.EQUALIZING, 50);

        assertThat(fixture.send(Signal.TRACES, request(span(HIGH, ""), span(LOW, ""))))
                .isNull();

        assertThat(fixture.answers).containsExactly("memory");
    }

    @Test
    void shouldTakeAnotherRatioWhileRunning() {
        StageFixture fixture = StageFixture.of(1, Mode.EQUALIZING);

        assertThat(fixture.send(Signal.TRACES, request(span(LOW, "")))).isNotNull();
        fixture.stage.configure(StageFixture.config(0.5, 1, Mode.EQUALIZING));

        assertThat(fixture.send(Signal.TRACES, request(span(LOW, "")))).isNull();
    }

    @Test
    void shouldHoldNothing() {
        StageFixture fixture = StageFixture.of(0.5, Mode.EQUALIZING);
        fixture.send(Signal.TRACES, request(span(HIGH, "")));

        fixture.stage.drain(Deadline.in(Duration.ofSeconds(1)));

        assertThat(fixture.passedOn).hasSize(1);
    }

    private static Span span(String randomness, String traceState) {
        return Span.newBuilder()
                .setTraceId(ByteString.copyFrom(HexFormat.of().parseHex("0123456789abcdef01" + randomness)))
                .setSpanId(ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}))
                .setTraceState(traceState)
                .setName("GET /")
                .setFlags(0x301)
                .build();
    }

    private static ScopeSpans.Builder scope(String name, Span... spans) {
        ScopeSpans.Builder scope = ScopeSpans.newBuilder()
                .setScope(InstrumentationScope.newBuilder().setName(name))
                .setSchemaUrl("schema of " + name);
        for (Span span : spans) {
            scope.addSpans(span);
        }
        return scope;
    }

    private static ResourceSpans.Builder resource(String name) {
        return ResourceSpans.newBuilder()
                .setResource(Resource.newBuilder().addAttributes(attribute("service.name", name)))
                .setSchemaUrl("schema");
    }

    private static byte[] request(Span... spans) {
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(resource("shop").addScopeSpans(scope("scope", spans)))
                .build()
                .toByteArray();
    }

    private static KeyValue attribute(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }
}
