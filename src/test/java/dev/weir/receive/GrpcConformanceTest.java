package dev.weir.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.rpc.BadRequest;
import dev.weir.pipeline.MemoryBudget.Use;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Sender;
import dev.weir.pipeline.Signal;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rows of OTLP conformance about what is sent to the gRPC door and how it answers, one test each, over real sockets. */
class GrpcConformanceTest {

    private DoorFixture door;

    @AfterEach
    void close() {
        if (door != null) {
            door.close();
        }
    }

    @Test
    void g1_allThreeSignalsAreTaken() throws Exception {
        door = new DoorFixture();
        ManagedChannel channel = door.connect();
        byte[] spans = Requests.spans(3);
        GrpcCalls.export(channel, Signal.TRACES, spans);
        GrpcCalls.export(channel, Signal.METRICS, Requests.dataPoint());
        GrpcCalls.export(channel, Signal.LOGS, Requests.logRecord());
        assertThat(door.stage.payloads)
                .extracting(payload -> payload.signal() + " " + payload.items())
                .containsExactly("TRACES 3", "METRICS 1", "LOGS 1");
        assertThat(door.stage.payloads.get(0).bytes()).isEqualTo(spans);
        assertThat(door.stage.payloads.get(0).sender().protocol()).isEqualTo(Sender.Protocol.GRPC);
        assertThat(door.ledger.read(Signal.TRACES).received()).isEqualTo(3);
    }

    @Test
    void g1_manyCallsAtOnceOnOneConnection() throws Exception {
        door = new DoorFixture();
        door.stage.silent();
        ManagedChannel channel = door.connect();
        List<GrpcCalls.Answer> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(GrpcCalls.start(channel, Requests.spans(1), true));
        }
        await().until(() -> door.stage.payloads.size() == 100);
        door.stage.payloads.forEach(door.stage::acceptAndDeliver);
        answers.forEach(answer -> assertThat(answer.get()).isEmpty());
        assertThat(door.doors.grpc().openConnections()).isEqualTo(1);
    }

    @Test
    void g1_anotherMethodIsUnimplemented() throws Exception {
        door = new DoorFixture();
        var method = GrpcCalls.method("opentelemetry.proto.collector.trace.v1.TraceService/Import");
        assertThat(GrpcCalls.fails(() -> GrpcCalls.export(door.connect(), method, new byte[0], new Metadata())))
                .isEqualTo(Status.Code.UNIMPLEMENTED);
    }

    @Test
    void g4_fullSuccessLeavesPartialSuccessUnset() throws Exception {
        door = new DoorFixture();
        byte[] answer = GrpcCalls.export(door.connect(), Signal.TRACES, Requests.spans(1));
        assertThat(ExportTraceServiceResponse.parseFrom(answer).hasPartialSuccess())
                .isFalse();
    }

    @Test
    void g4_anEmptyRequestSucceeds() throws Exception {
        door = new DoorFixture();
        assertThat(GrpcCalls.export(door.connect(), Signal.TRACES, new byte[0])).isEmpty();
        assertThat(door.stage.payloads).isEmpty();
    }

    @Test
    void g5_badSpansAreRejectedAndTheGoodPartGoesThrough() throws Exception {
        door = new DoorFixture();
        byte[] answer = GrpcCalls.export(door.connect(), Signal.TRACES, Requests.spans(3, 2));
        var partial = ExportTraceServiceResponse.parseFrom(answer).getPartialSuccess();
        assertThat(partial.getRejectedSpans()).isEqualTo(2);
        assertThat(partial.getErrorMessage()).contains("invalid trace id");
        assertThat(door.stage.payloads.get(0).bytes()).isEqualTo(Requests.spans(3));
        assertThat(door.ledger.read(Signal.TRACES).received()).isEqualTo(3);
        assertThat(door.ledger.read(Signal.TRACES).rejected()).containsEntry("invalid_trace_id", 2L);
    }

    @Test
    void g5_onlyBadSpansAreAnsweredWithoutPassingOn() throws Exception {
        door = new DoorFixture();
        byte[] answer = GrpcCalls.export(door.connect(), Signal.TRACES, Requests.spans(0, 2));
        assertThat(ExportTraceServiceResponse.parseFrom(answer)
                        .getPartialSuccess()
                        .getRejectedSpans())
                .isEqualTo(2);
        assertThat(door.stage.payloads).isEmpty();
    }

    @Test
    void g6_overloadIsUnavailableWithRetryInfo() throws Exception {
        door = new DoorFixture();
        door.stage.refusing(Refusal.retryable(Refusal.Reason.QUEUE_FULL, "jaeger is full", Duration.ofMillis(2500)));
        StatusRuntimeException e = catchThrowableOfType(
                StatusRuntimeException.class, () -> GrpcCalls.export(door.connect(), Signal.TRACES, Requests.spans(1)));
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(GrpcCalls.retryInfo(e).getRetryDelay().getSeconds()).isEqualTo(2);
        assertThat(GrpcCalls.retryInfo(e).getRetryDelay().getNanos()).isEqualTo(500_000_000);
        assertThat(door.ledger.read(Signal.TRACES).refusedItems()).containsEntry("queue_full", 1L);
    }

    @Test
    void g6_noMemoryIsUnavailableWithRetryInfo() throws Exception {
        door = new DoorFixture(40 << 20);
        assertThat(door.budget.tryReserve(Use.RECEIVE, 25 << 20)).isTrue();
        StatusRuntimeException e = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> GrpcCalls.export(door.connect(), Signal.TRACES, Requests.bigSpan(10 << 20)));
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(GrpcCalls.retryInfo(e).getRetryDelay().getSeconds()).isPositive();
        door.budget.release(Use.RECEIVE, 25 << 20);
    }

    @Test
    void g6_undecodableIsInvalidArgumentWithBadRequest() throws Exception {
        door = new DoorFixture();
        ManagedChannel channel = door.connect();
        StatusRuntimeException e = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> GrpcCalls.export(channel, Signal.TRACES, new byte[] {0x0a, 0x7f, 1}));
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(GrpcCalls.detail(e, BadRequest.class).getFieldViolationsCount())
                .isEqualTo(1);
        GrpcCalls.export(channel, Signal.TRACES, Requests.spans(1));
        assertThat(door.doors.grpc().openConnections()).isEqualTo(1);
    }

    @Test
    void g6_noAnswerInTimeIsUnavailableAndStillCountsOnce() throws Exception {
        door = new DoorFixture("answer-within=300ms");
        door.stage.silent();
        StatusRuntimeException e = catchThrowableOfType(
                StatusRuntimeException.class, () -> GrpcCalls.export(door.connect(), Signal.TRACES, Requests.spans(2)));
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(GrpcCalls.retryInfo(e)).isNotNull();
        assertThat(door.budget.used()).isPositive();
        door.stage.acceptAndDeliver(door.stage.payloads.get(0));
        assertThat(door.ledger.read(Signal.TRACES).received()).isEqualTo(2);
    }

    @Test
    void g6_whatWaitedForADecoderTooLongIsRefusedAndNotPassedOn() throws Exception {
        // Given every decoder is held up, and more big messages wait
        door = new DoorFixture("answer-within=300ms");
        int decoders = Math.max(1, Math.min(2, Runtime.getRuntime().availableProcessors() - 1));
        CountDownLatch go = new CountDownLatch(1);
        door.stage.answering(payload -> {
            assertThat(catchThrowable(go::await)).isNull();
            door.stage.acceptAndDeliver(payload);
        });
        byte[] big = Requests.bigSpan(2 << 20);
        ManagedChannel channel = door.connect();
        List<CompletableFuture<Void>> calls = new ArrayList<>();
        for (int i = 0; i < decoders + 2; i++) {
            calls.add(CompletableFuture.runAsync(
                    () -> GrpcCalls.export(channel, Signal.TRACES, big), task -> new Thread(task).start()));
        }
        // When all are answered, and the decoders go on
        for (CompletableFuture<Void> call : calls) {
            assertThat(catchThrowable(call::join)).hasCauseInstanceOf(StatusRuntimeException.class);
        }
        go.countDown();
        // Then
        await().atMost(5, TimeUnit.SECONDS).until(() -> door.budget.used() == 0);
        assertThat(door.stage.payloads).hasSize(decoders);
        assertThat(door.ledger.read(Signal.TRACES).received()).isEqualTo(decoders);
        assertThat(door.ledger.read(Signal.TRACES).refusedRequests()).containsEntry("timeout", 2L);
    }

    @Test
    void g7_theAnswersMessageIsBounded() throws Exception {
        door = new DoorFixture();
        ManagedChannel channel = door.connect();
        byte[] answer = GrpcCalls.export(channel, Signal.TRACES, Requests.spans(0, 50_000));
        var partial = ExportTraceServiceResponse.parseFrom(answer).getPartialSuccess();
        assertThat(partial.getRejectedSpans()).isEqualTo(50_000);
        assertThat(partial.getErrorMessage()).contains("50000 ").hasSizeLessThanOrEqualTo(PartialSuccess.MAX_MESSAGE);
        assertThat(PartialSuccess.protobuf(1, "x".repeat(10 << 20)).length)
                .isLessThanOrEqualTo(PartialSuccess.MAX_MESSAGE + 32);
    }

    @Test
    void g7_aRefusalsMessageIsBounded() throws Exception {
        door = new DoorFixture();
        door.stage.refusing(Refusal.permanent(Refusal.Reason.INVALID, "x".repeat(10 << 20)));
        StatusRuntimeException e = catchThrowableOfType(
                StatusRuntimeException.class, () -> GrpcCalls.export(door.connect(), Signal.TRACES, Requests.spans(1)));
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(e.getStatus().getDescription()).hasSize(PartialSuccess.MAX_MESSAGE);
        assertThat(GrpcCalls.detail(e, BadRequest.class).getFieldViolations(0).getDescription())
                .hasSize(PartialSuccess.MAX_MESSAGE);
    }
}
