package dev.weir.it;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.Message;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.util.concurrent.TimeUnit;

/** One OTLP/gRPC connection of grpc-java with generated messages. */
final class OtlpClient implements AutoCloseable {

    private static final int ANSWER_SECONDS = 20;

    private final ManagedChannel channel;

    OtlpClient(int port) {
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    /** Sends and waits; throws what the server refuses with. */
    Message export(Message request) {
        return switch (request) {
            case ExportTraceServiceRequest traces ->
                TraceServiceGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
                        .export(traces);
            case ExportMetricsServiceRequest metrics ->
                MetricsServiceGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
                        .export(metrics);
            case ExportLogsServiceRequest logs ->
                LogsServiceGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
                        .export(logs);
            default -> throw new IllegalArgumentException(request.getClass().getName());
        };
    }

    /** Sends without waiting. */
    ListenableFuture<? extends Message> exportLater(ExportTraceServiceRequest request) {
        return TraceServiceGrpc.newFutureStub(channel)
                .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
                .export(request);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
