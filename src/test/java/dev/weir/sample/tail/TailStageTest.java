package dev.weir.sample.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.pipeline.Ack;
import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Sender;
import dev.weir.pipeline.Signal;
import dev.weir.pipeline.Stage;
import dev.weir.sample.policy.PolicyReader;
import dev.weir.sample.policy.Rules;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TailStageTest {

    private static final long BUFFER = 16 << 20;

    private final Ledger ledger = new Ledger();
    private final MemoryBudget budget = new MemoryBudget(BUFFER, 0, 0, BUFFER);
    private final Next next = new Next();
    private final List<String> answers = new CopyOnWriteArrayList<>();
    private TailStage stage = stage("- { name: errors, status: [error] }");

    @AfterEach
    void tearDown() {
        stage.close();
        assertThat(ledger.violations()).isEmpty();
    }

    @Test
    void shouldKeepWholeTraceOfWhichOneSpanMatches() {
        send(span(1, 1, 0, false), span(2, 1, 0, false));
        send(span(1, 2, 1, true));

        await().until(() -> next.spans().size() == 2);
        assertThat(next.spans()).extracting(Span::getSpanId).containsExactlyInAnyOrder(id(1), id(2));
        await().untilAsserted(() ->
                assertThat(ledger.read(Signal.TRACES).sampledOut()).containsEntry("none", 1L));
        assertThat(answers).containsExactly("accepted", "accepted");
    }

    @Test
    void shouldLetLateSpansFollowTheDecision() {
        send(span(1, 1, 0, true), span(2, 1, 0, false));
        await().until(() -> ledger.read(Signal.TRACES).held() == 0);

        send(span(1, 2, 1, false), span(2, 2, 1, true));

        await().until(() -> next.spans().size() == 2);
        assertThat(next.spans()).extracting(Span::getTraceId).containsOnly(trace(1));
        assertThat(ledger.read(Signal.TRACES).sampledOut()).containsEntry("none", 2L);
    }

    @Test
    void shouldWriteThresholdOfRatioThatKept() {
        stage = stage("- { name: half, ratio: 0.5 }");
        for (int i = 1; i <= 200; i++) {
            send(span(i, 1, 0, false));
        }

        await().until(() -> ledger.read(Signal.TRACES).held() == 0);
        assertThat(next.spans())
                .hasSizeBetween(60, 140)
                .allSatisfy(span -> assertThat(span.getTraceState()).isEqualTo("ot=th:8"));
    }

    @Test
    void shouldLeaveMalformedTraceStateAloneAndCountIt() {
        stage = stage("- { name: most, ratio: 0.9999 }");
        for (int i = 1; i <= 3; i++) {
            send(span(i, 1, 0, false).toBuilder()
                    .setTraceState("no entry; no key")
                    .build());
        }

        await().until(() -> ledger.read(Signal.TRACES).held() == 0);
        assertThat(next.spans())
                .isNotEmpty()
                .allSatisfy(span -> assertThat(span.getTraceState()).isEqualTo("no entry; no key"));
        assertThat(ledger.read(Signal.TRACES).irregular())
                .containsEntry("th_unwritable", (long) next.spans().size());
    }

    @Test
    void shouldDecideAllThatIsHeldWhenDrained() {
        stage = stage("- { name: all, always: true }", 60);
        send(span(1, 1, 0, false));
        send(span(2, 1, 0, false));

        stage.drain(Deadline.in(Duration.ofSeconds(5)));

        assertThat(next.spans()).hasSize(2);
    }

    @Test
    void shouldWaitWhileTheNextStageHasNoRoom() {
        next.refusal = Refusal.retryable(Refusal.Reason.QUEUE_FULL, "full", Duration.ofMillis(1));
        send(span(1, 1, 0, true));
        await().until(() -> next.refused > 2);
        assertThat(ledger.read(Signal.TRACES).held()).isEqualTo(1);

        next.refusal = null;

        await().until(() -> ledger.read(Signal.TRACES).held() == 0);
        assertThat(next.spans()).hasSize(1);
    }

    @Test
    void shouldDropCountedWhatTheNextStageRefusesForGood() {
        next.refusal = Refusal.permanent(Refusal.Reason.TOO_LARGE, "too large");
        send(span(1, 1, 0, true));

        await().untilAsserted(
                        () -> assertThat(ledger.read(Signal.TRACES).dropped()).containsEntry("too_large", 1L));
    }

    @Test
    void shouldPassOtherSignals() {
        ledger.received(Signal.LOGS, 1);
        stage.accept(new Payload(Signal.LOGS, new byte[0], 1, SENDER, 0, new Answer()));

        assertThat(next.payloads).hasSize(1);
        next.payloads.clear();
    }

    @Test
    void shouldRefuseWholeWhatDoesNotFitAndHoldTheRest() {
        stage = stage("- { name: errors, status: [error] }", 600);
        byte[] padding = new byte[100_000];
        int sent = 0;
        while (!answers.contains("refused memory") && sent < 1000) {
            sent++;
            send(span(sent, 1, 0, false).toBuilder()
                    .addAttributes(KeyValue.newBuilder()
                            .setKey("padding")
                            .setValue(AnyValue.newBuilder().setBytesValue(ByteString.copyFrom(padding))))
                    .build());
        }

        assertThat(sent).isBetween(50, 999);
    }

    private static final Sender SENDER = new Sender(Sender.Protocol.GRPC, null, "test:1", 1);

    private TailStage stage(String policies) {
        return stage(policies, 1);
    }

    private TailStage stage(String policies, int wait) {
        if (stage != null) {
            stage.close();
        }
        PolicyReader.Result read = PolicyReader.readFile(policies);
        assertThat(read.faults()).isEmpty();
        Rules rules = Rules.compile(read.policies(), null, System::nanoTime);
        TailSettings settings = new TailSettings(wait, wait, 1 << 20, 1000, false, 64 << 10, 64 << 10, 0, false);
        return new TailStage(settings, BUFFER, 4, () -> rules, budget, ledger, next);
    }

    private void send(Span... spans) {
        ExportTraceServiceRequest request = ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .setResource(Resource.newBuilder()
                                .addAttributes(KeyValue.newBuilder()
                                        .setKey("service.name")
                                        .setValue(AnyValue.newBuilder().setStringValue("shop"))))
                        .addScopeSpans(ScopeSpans.newBuilder().addAllSpans(List.of(spans))))
                .build();
        ledger.received(Signal.TRACES, spans.length);
        stage.accept(new Payload(
                Signal.TRACES, request.toByteArray(), spans.length, SENDER, System.nanoTime(), new Answer() {
                    @Override
                    protected void onRefused(Refusal refusal) {
                        ledger.received(Signal.TRACES, -spans.length);
                        super.onRefused(refusal);
                    }
                }));
    }

    private static Span span(int trace, int id, int parent, boolean error) {
        Span.Builder span = Span.newBuilder()
                .setTraceId(trace(trace))
                .setSpanId(id(id))
                .setName("GET /")
                .setStartTimeUnixNano(1_000)
                .setEndTimeUnixNano(2_000);
        if (parent != 0) {
            span.setParentSpanId(id(parent));
        }
        if (error) {
            span.setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR));
        }
        return span.build();
    }

    private static ByteString trace(int number) {
        return ByteString.copyFrom(ByteBuffer.allocate(16)
                .putLong(number)
                .putLong(number * 0x9E3779B97F4A7C15L)
                .flip());
    }

    private static ByteString id(int number) {
        return ByteString.copyFrom(ByteBuffer.allocate(8).putLong(number).flip());
    }

    private class Answer extends Ack {
        @Override
        protected void onAccepted() {
            answers.add("accepted");
        }

        @Override
        protected void onRefused(Refusal refusal) {
            answers.add("refused " + refusal.reason().label());
        }
    }

    private final class Next implements Stage {
        final List<Payload> payloads = new CopyOnWriteArrayList<>();
        volatile Refusal refusal;
        volatile int refused;

        @Override
        public void accept(Payload payload) {
            Refusal now = refusal;
            if (now != null) {
                refused++;
                payload.ack().refuse(now);
                return;
            }
            payloads.add(payload);
            ledger.delivered(payload.signal(), payload.items());
            payload.ack().accept();
        }

        @Override
        public void drain(Deadline deadline) {
            // nothing is held here
        }

        List<Span> spans() {
            List<Span> spans = new ArrayList<>();
            for (Payload payload : payloads) {
                try {
                    for (ResourceSpans resource :
                            ExportTraceServiceRequest.parseFrom(payload.bytes()).getResourceSpansList()) {
                        assertThat(resource.getResource().getAttributesCount()).isEqualTo(1);
                        resource.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList()));
                    }
                } catch (InvalidProtocolBufferException e) {
                    throw new AssertionError(e);
                }
            }
            return spans;
        }
    }
}
