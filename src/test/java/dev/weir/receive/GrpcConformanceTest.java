package dev.weir.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.github.luben.zstd.ZstdOutputStream;
import com.google.rpc.BadRequest;
import dev.weir.pipeline.MemoryBudget.Use;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Sender;
import dev.weir.pipeline.Signal;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rows of OTLP conformance that are about the gRPC door, one test each, over real sockets. */
class GrpcConformanceTest {

    private DoorFixture door;
    private final List<ManagedChannel> channels = new ArrayList<>();

    @AfterEach
    void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        if (door != null) {
            door.close();
        }
    }

    @Test
    void g1_allThreeSignalsAreTaken() throws Exception {
        door = new DoorFixture();
        ManagedChannel channel = connect();
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
        ManagedChannel channel = connect();
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
        assertThat(fails(() -> GrpcCalls.export(connect(), method, new byte[0], new Metadata())))
                .isEqualTo(Status.Code.UNIMPLEMENTED);
    }

    @Test
    void g2_gzipIsTaken() throws Exception {
        door = new DoorFixture();
        byte[] spans = Requests.spans(50);
        export(connect(), "gzip", spans);
        assertThat(door.stage.payloads.get(0).bytes()).isEqualTo(spans);
    }

    @Test
    void g2_zstdIsTaken() throws Exception {
        door = new DoorFixture();
        byte[] spans = Requests.spans(50);
        export(connect(), "zstd", spans);
        assertThat(door.stage.payloads.get(0).bytes()).isEqualTo(spans);
    }

    @Test
    void g2_anUnknownEncodingNamesTheKnownOnes() throws Exception {
        door = new DoorFixture();
        ManagedChannel channel = connect();
        StatusRuntimeException e =
                catchThrowableOfType(StatusRuntimeException.class, () -> export(channel, "snappy", Requests.spans(1)));
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
        assertThat(e.getTrailers().get(Metadata.Key.of("grpc-accept-encoding", Metadata.ASCII_STRING_MARSHALLER)))
                .isEqualTo("identity,gzip,zstd");
        // and the connection lives on
        GrpcCalls.export(channel, Signal.TRACES, Requests.spans(1));
    }

    @Test
    void g3_bombIsStoppedAtTheLimit() throws Exception {
        door = new DoorFixture("grpc.max-message-size=1MiB");
        for (String encoding : List.of("gzip", "zstd")) {
            StatusRuntimeException e = catchThrowableOfType(
                    StatusRuntimeException.class, () -> export(connect(), encoding, Requests.bigSpan(200 << 20)));
            assertThat(e.getStatus().getCode()).as(encoding).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(GrpcCalls.retryInfo(e)).isNull();
        }
        assertThat(door.stage.payloads).isEmpty();
        assertThat(door.ledger.read(Signal.TRACES).refusedRequests()).containsEntry("too_large", 2L);
    }

    @Test
    void g3_anUncompressedMessageOverTheLimitIsResourceExhaustedWithoutRetryInfo() throws Exception {
        door = new DoorFixture("grpc.max-message-size=1MiB");
        StatusRuntimeException e = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> GrpcCalls.export(connect(), Signal.TRACES, Requests.bigSpan(2 << 20)));
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(GrpcCalls.retryInfo(e)).isNull();
    }

    @Test
    void g3_aBigMessageWithinTheLimitIsTaken() throws Exception {
        door = new DoorFixture();
        byte[] big = Requests.bigSpan(20 << 20);
        export(connect(), "gzip", big);
        GrpcCalls.export(connect(), Signal.TRACES, big);
        assertThat(door.stage.payloads)
                .hasSize(2)
                .allSatisfy(p -> assertThat(p.bytes()).isEqualTo(big));
    }

    @Test
    void g4_fullSuccessLeavesPartialSuccessUnset() throws Exception {
        door = new DoorFixture();
        byte[] answer = GrpcCalls.export(connect(), Signal.TRACES, Requests.spans(1));
        assertThat(ExportTraceServiceResponse.parseFrom(answer).hasPartialSuccess())
                .isFalse();
    }

    @Test
    void g4_anEmptyRequestSucceeds() throws Exception {
        door = new DoorFixture();
        assertThat(GrpcCalls.export(connect(), Signal.TRACES, new byte[0])).isEmpty();
        assertThat(door.stage.payloads).isEmpty();
    }

    @Test
    void g5_badSpansAreRejectedAndTheGoodPartGoesThrough() throws Exception {
        door = new DoorFixture();
        byte[] answer = GrpcCalls.export(connect(), Signal.TRACES, Requests.spans(3, 2));
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
        byte[] answer = GrpcCalls.export(connect(), Signal.TRACES, Requests.spans(0, 2));
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
                StatusRuntimeException.class, () -> GrpcCalls.export(connect(), Signal.TRACES, Requests.spans(1)));
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
                () -> GrpcCalls.export(connect(), Signal.TRACES, Requests.bigSpan(10 << 20)));
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(GrpcCalls.retryInfo(e).getRetryDelay().getSeconds()).isPositive();
        door.budget.release(Use.RECEIVE, 25 << 20);
    }

    @Test
    void g6_whatCanNeverFitIsResourceExhaustedWithoutRetryInfo() throws Exception {
        door = new DoorFixture(4 << 20);
        for (String encoding : List.of("identity", "gzip")) {
            StatusRuntimeException e = catchThrowableOfType(
                    StatusRuntimeException.class, () -> export(connect(), encoding, Requests.bigSpan(20 << 20)));
            assertThat(e.getStatus().getCode()).as(encoding).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(e.getStatus().getDescription()).contains("weir.memory.limit");
            assertThat(GrpcCalls.retryInfo(e)).isNull();
        }
    }

    @Test
    void g6_undecodableIsInvalidArgumentWithBadRequest() throws Exception {
        door = new DoorFixture();
        ManagedChannel channel = connect();
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
    void g6_brokenCompressionIsInvalidArgument() throws Exception {
        door = new DoorFixture();
        byte[] cut = java.util.Arrays.copyOf(Requests.gzip(Requests.spans(9)), 40);
        assertThat(fails(() -> exportAs(connect(), "gzip", Requests.spans(9), bytes -> cut)))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void g6_noAnswerInTimeIsUnavailableAndStillCountsOnce() throws Exception {
        door = new DoorFixture("answer-within=300ms");
        door.stage.silent();
        StatusRuntimeException e = catchThrowableOfType(
                StatusRuntimeException.class, () -> GrpcCalls.export(connect(), Signal.TRACES, Requests.spans(2)));
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
        ManagedChannel channel = connect();
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
    void g7_theAnswersMessageIsBounded() {
        assertThat(PartialSuccess.protobuf(1, "x".repeat(10 << 20)).length)
                .isLessThanOrEqualTo(PartialSuccess.MAX_MESSAGE + 32);
    }

    @Test
    void g8_anOldConnectionIsToldToGoAway() throws Exception {
        door = new DoorFixture("grpc.limits.connection-age=500ms", "grpc.limits.connection-age-grace=1s");
        ManagedChannel channel = connect();
        GrpcCalls.export(channel, Signal.TRACES, Requests.spans(1));
        assertThat(channel.getState(false)).isEqualTo(ConnectivityState.READY);
        await().atMost(5, TimeUnit.SECONDS).until(() -> channel.getState(false) == ConnectivityState.IDLE);
    }

    @Test
    void g8_anIdleConnectionIsClosed() throws Exception {
        door = new DoorFixture("grpc.limits.idle=300ms");
        GrpcCalls.export(connect(), Signal.TRACES, Requests.spans(1));
        await().atMost(5, TimeUnit.SECONDS).until(() -> door.doors.grpc().openConnections() == 0);
    }

    @Test
    void h9_aSlowMessageEndsWithDeadlineExceeded() throws Exception {
        door = new DoorFixture("grpc.limits.body=300ms");
        GrpcCalls.Answer answer = GrpcCalls.start(connect(), Requests.spans(1), false);
        assertThat(fails(answer::get)).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(door.stage.payloads).isEmpty();
    }

    @Test
    void connectionsOverTheLimitAreClosed() throws Exception {
        door = new DoorFixture("grpc.limits.connections=2");
        GrpcCalls.export(connect(), Signal.TRACES, Requests.spans(1));
        GrpcCalls.export(connect(), Signal.TRACES, Requests.spans(1));
        assertThat(fails(() -> GrpcCalls.export(connect(), Signal.TRACES, Requests.spans(1))))
                .isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(door.doors.grpc().refusedConnections()).isPositive();
    }

    @Test
    void aCancelledCallGivesItsBytesBack() throws Exception {
        door = new DoorFixture();
        ClientCall<byte[], byte[]> call = connect().newCall(GrpcCalls.method(Signal.TRACES), CallOptions.DEFAULT);
        call.start(new GrpcCalls.Answer(), new Metadata());
        call.sendMessage(Requests.spans(100));
        await().until(() -> door.budget.used() > 0);
        call.cancel("changed my mind", null);
        await().until(() -> door.budget.used() == 0);
        assertThat(door.stage.payloads).isEmpty();
    }

    @Test
    void drainingTellsSendersToGoElsewhereButGoesOnThenRefuses() throws Exception {
        door = new DoorFixture();
        ManagedChannel channel = connect();
        GrpcCalls.export(channel, Signal.TRACES, Requests.spans(1));
        door.doors.goAway();
        await().until(() -> door.doors.grpc().openConnections() == 0);
        GrpcCalls.export(channel, Signal.TRACES, Requests.spans(1));
        door.doors.refuseNew();
        StatusRuntimeException e = catchThrowableOfType(
                StatusRuntimeException.class, () -> GrpcCalls.export(channel, Signal.TRACES, Requests.spans(1)));
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(GrpcCalls.retryInfo(e)).isNotNull();
        assertThat(door.stage.payloads).hasSize(2);
    }

    private ManagedChannel connect() {
        return channel(CompressorRegistry.getDefaultInstance());
    }

    private ManagedChannel channel(CompressorRegistry registry) {
        ManagedChannel channel = door.channel().compressorRegistry(registry).build();
        channels.add(channel);
        return channel;
    }

    private byte[] export(ManagedChannel ignored, String encoding, byte[] request) {
        return exportAs(ignored, encoding, request, bytes -> switch (encoding) {
            case "gzip" -> Requests.gzip(bytes);
            case "zstd" -> Requests.through(bytes, ZstdOutputStream::new);
            default -> bytes;
        });
    }

    private byte[] exportAs(
            ManagedChannel ignored,
            String encoding,
            byte[] request,
            java.util.function.UnaryOperator<byte[]> compression) {
        CompressorRegistry registry = CompressorRegistry.newEmptyInstance();
        registry.register(new Codec() {
            @Override
            public String getMessageEncoding() {
                return encoding;
            }

            @Override
            public OutputStream compress(OutputStream out) {
                return new java.io.ByteArrayOutputStream() {
                    @Override
                    public void close() throws IOException {
                        out.write(compression.apply(toByteArray()));
                        out.close();
                    }
                };
            }

            @Override
            public InputStream decompress(InputStream in) {
                throw new UnsupportedOperationException();
            }
        });
        GrpcCalls.Answer answer = new GrpcCalls.Answer();
        ClientCall<byte[], byte[]> call = channel(registry)
                .newCall(GrpcCalls.method(Signal.TRACES), CallOptions.DEFAULT.withCompression(encoding));
        call.start(answer, new Metadata());
        call.request(2);
        call.setMessageCompression(true);
        call.sendMessage(request);
        call.halfClose();
        return answer.get();
    }

    private static Status.Code fails(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        StatusRuntimeException e = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(e).as("a failed call").isNotNull();
        return e.getStatus().getCode();
    }
}
