package dev.weir.export;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.RetryInfo;
import dev.weir.FreePorts;
import dev.weir.pipeline.Signal;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

final class FakeGrpcReceiver extends FakeReceiver {

    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private final TestCertificate certificate;
    private final boolean mutual;
    private final int port = FreePorts.next();
    private Server server;

    FakeGrpcReceiver() {
        this(null);
    }

    /** With TLS when there is a certificate. */
    FakeGrpcReceiver(TestCertificate certificate) {
        this(certificate, false);
    }

    /** @param mutual whether clients must show the same certificate */
    FakeGrpcReceiver(TestCertificate certificate, boolean mutual) {
        this.certificate = certificate;
        this.mutual = mutual;
        start();
    }

    @Override
    String protocol() {
        return Plan.GRPC;
    }

    @Override
    int port() {
        return port;
    }

    @Override
    void start() {
        try {
            NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
                    .directExecutor()
                    .maxInboundMessageSize(64 << 20)
                    .compressorRegistry(CompressorRegistry.getDefaultInstance())
                    .decompressorRegistry(
                            DecompressorRegistry.getDefaultInstance().with(new ZstdCodec(), true))
                    .fallbackHandlerRegistry(new Methods());
            if (certificate != null) {
                builder.sslContext(GrpcSslContexts.forServer(certificate.certFile(), certificate.keyFile())
                        .trustManager(certificate.certFile())
                        .clientAuth(mutual ? ClientAuth.REQUIRE : ClientAuth.NONE)
                        .build());
            }
            server = builder.build().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    void closeServer() {
        server.shutdownNow();
        try {
            server.awaitTermination();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Methods extends HandlerRegistry {
        @Override
        public ServerMethodDefinition<?, ?> lookupMethod(String name, String authority) {
            MethodDescriptor<byte[], byte[]> method = MethodDescriptor.<byte[], byte[]>newBuilder()
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName(name)
                    .setRequestMarshaller(BytesMarshaller.BYTES)
                    .setResponseMarshaller(BytesMarshaller.BYTES)
                    .build();
            Signal signal =
                    name.contains("Trace") ? Signal.TRACES : name.contains("Metrics") ? Signal.METRICS : Signal.LOGS;
            ServerCallHandler<byte[], byte[]> handler = (call, headers) -> {
                call.request(2);
                return new ServerCall.Listener<>() {
                    @Override
                    public void onMessage(byte[] message) {
                        reply(call, received(signal, message, headers(headers)));
                    }
                };
            };
            return ServerMethodDefinition.create(method, handler);
        }
    }

    private static Map<String, String> headers(Metadata metadata) {
        Map<String, String> headers = new HashMap<>();
        for (String name : metadata.keys()) {
            if (!name.endsWith("-bin")) {
                headers.put(name, metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)));
            }
        }
        return headers;
    }

    private static void reply(ServerCall<byte[], byte[]> call, Reply reply) {
        switch (reply) {
            case Reply.Ok ok -> respond(call, new byte[0]);
            case Reply.Partial partial ->
                respond(
                        call,
                        ExportTraceServiceResponse.newBuilder()
                                .setPartialSuccess(ExportTracePartialSuccess.newBuilder()
                                        .setRejectedSpans(partial.rejected())
                                        .setErrorMessage(partial.message()))
                                .build()
                                .toByteArray());
            case Reply.Retryable retryable ->
                call.close(
                        Status.UNAVAILABLE.withDescription("overloaded"),
                        retryable.afterSeconds() < 0 ? new Metadata() : retryInfo(retryable.afterSeconds()));
            case Reply.Permanent permanent ->
                call.close(Status.INVALID_ARGUMENT.withDescription(permanent.message()), new Metadata());
            case Reply.TooLarge tooLarge ->
                call.close(
                        Status.RESOURCE_EXHAUSTED.withDescription(
                                "grpc: received message larger than max (5000000 vs. 4194304)"),
                        new Metadata());
            case Reply.Hang hang -> {}
            case Reply.Reset reset -> call.close(Status.UNAVAILABLE.withDescription("reset"), new Metadata());
            case Reply.Code code -> call.close(Status.fromCodeValue(code.code()), new Metadata());
        }
    }

    static Metadata retryInfo(int seconds) {
        Metadata trailers = new Metadata();
        trailers.put(
                DETAILS,
                com.google.rpc.Status.newBuilder()
                        .setCode(14)
                        .setMessage("overloaded")
                        .addDetails(Any.pack(RetryInfo.newBuilder()
                                .setRetryDelay(Duration.newBuilder().setSeconds(seconds))
                                .build()))
                        .build()
                        .toByteArray());
        return trailers;
    }

    private static void respond(ServerCall<byte[], byte[]> call, byte[] response) {
        call.sendHeaders(new Metadata());
        call.sendMessage(response);
        call.close(Status.OK, new Metadata());
    }
}
