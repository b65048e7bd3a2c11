package dev.weir.it;

import com.google.protobuf.Message;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** An OTLP/gRPC destination of grpc-java and generated messages that keeps every request, whichever the signal. */
final class RecordingReceiver implements AutoCloseable {

    private final Server server;
    private final ConcurrentLinkedQueue<Message> requests = new ConcurrentLinkedQueue<>();
    private volatile boolean refusing;
    private volatile boolean forgetting;

    RecordingReceiver() {
        this(NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0)));
    }

    /** @param builder with what is special about it, such as TLS */
    RecordingReceiver(NettyServerBuilder builder) {
        try {
            server = builder.maxInboundMessageSize(64 << 20)
                    .addService(traces())
                    .addService(metrics())
                    .addService(logs())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getPort();
    }

    /** A destination named {@code recorder} for the file. */
    String asDestination() {
        return """
                export:
                  recorder: { protocol: grpc, endpoint: "http://127.0.0.1:%d", retry: { initial: 100ms, max: 500ms } }
                """.formatted(port());
    }

    /** From now on every call is answered with UNAVAILABLE, or no longer. */
    void refuse(boolean yes) {
        refusing = yes;
    }

    /** From now on what arrives is taken and not kept, for tests that send for long. */
    RecordingReceiver forget() {
        forgetting = true;
        return this;
    }

    /** Every item that has arrived, with how often. */
    Items items() {
        return Items.of(requests);
    }

    /** Spans, data points and log records that have arrived. */
    int itemCount() {
        return items().count();
    }

    List<Message> requests() {
        return List.copyOf(requests);
    }

    void clear() {
        requests.clear();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private <T extends Message> void take(Message request, T answer, StreamObserver<T> caller) {
        if (refusing) {
            caller.onError(Status.UNAVAILABLE.withDescription("refusing").asException());
            return;
        }
        if (!forgetting) {
            requests.add(request);
        }
        caller.onNext(answer);
        caller.onCompleted();
    }

    private BindableService traces() {
        return new TraceServiceGrpc.TraceServiceImplBase() {
            @Override
            public void export(ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> caller) {
                take(request, ExportTraceServiceResponse.getDefaultInstance(), caller);
            }
        };
    }

    private BindableService metrics() {
        return new MetricsServiceGrpc.MetricsServiceImplBase() {
            @Override
            public void export(
                    ExportMetricsServiceRequest request, StreamObserver<ExportMetricsServiceResponse> caller) {
                take(request, ExportMetricsServiceResponse.getDefaultInstance(), caller);
            }
        };
    }

    private BindableService logs() {
        return new LogsServiceGrpc.LogsServiceImplBase() {
            @Override
            public void export(ExportLogsServiceRequest request, StreamObserver<ExportLogsServiceResponse> caller) {
                take(request, ExportLogsServiceResponse.getDefaultInstance(), caller);
            }
        };
    }
}
