package dev.weir.export;

import dev.weir.otlp.RequestBytes;
import dev.weir.pipeline.Hop;
import dev.weir.pipeline.Signal;
import dev.weir.tls.TlsFiles;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.impl.VertxInternal;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** OTLP over gRPC: one channel of grpc-java on Vert.x's event loops. */
final class GrpcTransport implements Transport {

    private static final int WINDOW = 4 << 20;
    private static final Duration KEEPALIVE = Duration.ofSeconds(60);
    private static final Duration KEEPALIVE_ANSWER = Duration.ofSeconds(20);
    private static final Metadata.Key<String> HOP = Metadata.Key.of(Hop.HEADER, Metadata.ASCII_STRING_MARSHALLER);
    private static final Map<Signal, MethodDescriptor<RequestBytes, byte[]>> METHODS = new EnumMap<>(Map.of(
            Signal.TRACES, method("opentelemetry.proto.collector.trace.v1.TraceService/Export"),
            Signal.METRICS, method("opentelemetry.proto.collector.metrics.v1.MetricsService/Export"),
            Signal.LOGS, method("opentelemetry.proto.collector.logs.v1.LogsService/Export")));

    private final ManagedChannel channel;
    private final CallOptions options;
    private final Duration timeout;
    private final Headers headers;
    private final @Nullable WorkerExecutor compressor;
    private final Hop hop;

    /**
     * @param hop marks every request
     * @param tls null when the endpoint is http
     * @param workers compress, which would hold up an event loop
     */
    GrpcTransport(
            Plan plan,
            Headers headers,
            @Nullable TlsFiles tls,
            @Nullable String serverName,
            Vertx vertx,
            WorkerExecutor workers,
            Hop hop) {
        Endpoint endpoint = plan.endpoint();
        VertxInternal internal = (VertxInternal) vertx;
        CompressorRegistry compressors = CompressorRegistry.newEmptyInstance();
        compressors.register(new Codec.Gzip());
        compressors.register(new ZstdCodec());
        NettyChannelBuilder builder = NettyChannelBuilder.forTarget("dns:///" + endpoint.authority())
                .eventLoopGroup(internal.getEventLoopGroup())
                .channelFactory(internal.transport().channelFactory(false))
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        plan.timeout().toMillis())
                .directExecutor()
                .disableRetry()
                .compressorRegistry(compressors)
                .flowControlWindow(WINDOW)
                .keepAliveTime(KEEPALIVE.toSeconds(), TimeUnit.SECONDS)
                .keepAliveTimeout(KEEPALIVE_ANSWER.toSeconds(), TimeUnit.SECONDS)
                .maxInboundMessageSize(Answers.MAX_BYTES)
                .userAgent("weir");
        if (tls == null) {
            builder.usePlaintext();
        } else {
            builder.sslContext(tls.nettyClient());
        }
        if (serverName != null) {
            builder.overrideAuthority(serverName);
        }
        channel = builder.build();
        boolean compressed = plan.compression() != ExportConfig.Compression.NONE;
        options = compressed
                ? CallOptions.DEFAULT.withCompression(plan.compression().name().toLowerCase(Locale.ROOT))
                : CallOptions.DEFAULT;
        compressor = compressed ? workers : null;
        timeout = plan.timeout();
        this.headers = headers;
        this.hop = hop;
    }

    private static MethodDescriptor<RequestBytes, byte[]> method(String fullName) {
        return MethodDescriptor.<RequestBytes, byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(fullName)
                .setRequestMarshaller(new RequestMarshaller())
                .setResponseMarshaller(new AnswerMarshaller())
                .build();
    }

    @Override
    public Call send(Signal signal, RequestBytes bytes, int items, Consumer<Outcome> done) {
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            // Our own backoff decides when to try; the channel's would go on failing calls for up to two minutes.
            channel.enterIdle();
        }
        ClientCall<RequestBytes, byte[]> call = channel.newCall(
                METHODS.get(signal), options.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS));
        call.start(new Answer(bytes.length(), done), metadata());
        call.request(2); // one answer, and the end
        if (compressor == null) {
            sendMessage(call, bytes);
        } else {
            compressor.executeBlocking(
                    () -> {
                        sendMessage(call, bytes);
                        return null;
                    },
                    false);
        }
        return () -> call.cancel("given up", null);
    }

    private static void sendMessage(ClientCall<RequestBytes, byte[]> call, RequestBytes bytes) {
        try {
            call.sendMessage(bytes);
            call.halfClose();
        } catch (RuntimeException e) {
            call.cancel("the request cannot be written", e);
        }
    }

    private Metadata metadata() {
        Metadata metadata = new Metadata();
        metadata.put(HOP, hop.id());
        headers.current()
                .forEach((name, value) -> metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
        return metadata;
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private static final class Answer extends ClientCall.Listener<byte[]> {
        private final int requestLength;
        private final Consumer<Outcome> done;
        private byte[] response = new byte[0];
        private boolean hasBegun;

        Answer(int requestLength, Consumer<Outcome> done) {
            this.requestLength = requestLength;
            this.done = done;
        }

        @Override
        public void onHeaders(Metadata headers) {
            hasBegun = true;
        }

        @Override
        public void onMessage(byte[] message) {
            response = message;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            done.accept(
                    hasBegun && GrpcOutcomes.isAnswerTooLong(status, requestLength)
                            ? Answers.taken(response)
                            : GrpcOutcomes.of(status, trailers, response));
        }
    }
}
