package dev.weir.it;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** OTLP/gRPC of trace requests as bytes, on both ends: what a load costs must not be the generator's objects. */
final class RawOtlp {

    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] bytes) {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };
    private static final MethodDescriptor<byte[], byte[]> EXPORT =
            TraceServiceGrpc.getExportMethod().toBuilder(BYTES, BYTES).build();

    private RawOtlp() {}

    /** Sends without waiting; counts what was answered and what was refused, in spans. */
    static final class Client implements AutoCloseable {

        private final List<ManagedChannel> channels = new ArrayList<>();
        private final LongAdder answered = new LongAdder();
        private final LongAdder refused = new LongAdder();
        private volatile String lastRefusal = "";
        private int next;

        Client(int port, int connections) {
            this(port, connections, Map.of());
        }

        /** @param headers that every request has */
        Client(int port, int connections, Map<String, String> headers) {
            Metadata metadata = new Metadata();
            headers.forEach(
                    (name, value) -> metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
            for (int i = 0; i < connections; i++) {
                channels.add(NettyChannelBuilder.forAddress("127.0.0.1", port)
                        .usePlaintext()
                        .flowControlWindow(4 << 20)
                        .intercept(MetadataUtils.newAttachHeadersInterceptor(metadata))
                        .build());
            }
        }

        void send(byte[] request, int spans) {
            ManagedChannel channel = channels.get(next++ % channels.size());
            ClientCalls.asyncUnaryCall(channel.newCall(EXPORT, CallOptions.DEFAULT), request, new StreamObserver<>() {
                @Override
                public void onNext(byte[] answer) {
                    answered.add(spans);
                }

                @Override
                public void onError(Throwable refusal) {
                    refused.add(spans);
                    lastRefusal = refusal.toString();
                }

                @Override
                public void onCompleted() {
                    // counted with the answer
                }
            });
        }

        long answered() {
            return answered.sum();
        }

        long refused() {
            return refused.sum();
        }

        /** What the last refusal said; empty when there was none. */
        String lastRefusal() {
            return lastRefusal;
        }

        @Override
        public void close() {
            channels.forEach(ManagedChannel::shutdownNow);
        }
    }

    /** A destination that hands every request to the consumer. */
    static Server sink(Consumer<byte[]> consumer) throws IOException {
        ServerServiceDefinition service = ServerServiceDefinition.builder(TraceServiceGrpc.SERVICE_NAME)
                .addMethod(EXPORT, ServerCalls.asyncUnaryCall((byte[] request, StreamObserver<byte[]> caller) -> {
                    consumer.accept(request);
                    caller.onNext(new byte[0]);
                    caller.onCompleted();
                }))
                .build();
        return NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .maxInboundMessageSize(64 << 20)
                .flowControlWindow(4 << 20)
                .addService(service)
                .build()
                .start();
    }
}
