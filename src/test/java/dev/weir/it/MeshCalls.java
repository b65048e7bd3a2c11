package dev.weir.it;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HexFormat;

/** Calls into the chain, each in a trace of its own, by which its spans are found. */
final class MeshCalls {

    private MeshCalls() {}

    /** @param status what the caller was answered, of HTTP or of gRPC */
    record Call(String traceId, int status) {}

    /** A call to a host through the listener of a proxy. */
    static Call get(int listener, String url, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        return send(listener, headers.length == 0 ? request : request.headers(headers));
    }

    /** A call with a body. */
    static Call post(int listener, String url, String contentType, byte[] body) {
        return send(
                listener,
                HttpRequest.newBuilder(URI.create(url))
                        .header("content-type", contentType)
                        .POST(BodyPublishers.ofByteArray(body)));
    }

    private static Call send(int listener, HttpRequest.Builder request) {
        String traceId = traceId();
        request.timeout(Duration.ofSeconds(10)).header("traceparent", traceparent(traceId));
        try (HttpClient client = MeshApplications.throughSidecar(listener)) {
            return new Call(
                    traceId,
                    client.send(request.build(), BodyHandlers.discarding()).statusCode());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A gRPC call of productpage to reviews, which answers as asked. */
    static Call grpc(int listener, io.grpc.Status.Code answer) {
        String traceId = traceId();
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER), traceparent(traceId));
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", listener)
                .overrideAuthority(EnvoyChain.REVIEWS_HOST + ":9090")
                .usePlaintext()
                .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
                .build();
        try {
            byte[] request = answer == io.grpc.Status.Code.OK
                    ? new byte[0]
                    : answer.name().getBytes();
            ClientCalls.blockingUnaryCall(channel, MeshApplications.GRPC_METHOD, CallOptions.DEFAULT, request);
            return new Call(traceId, 0);
        } catch (StatusRuntimeException refused) {
            return new Call(traceId, refused.getStatus().getCode().value());
        } finally {
            channel.shutdownNow();
        }
    }

    /** A new trace id, in hex. */
    static String traceId() {
        return HexFormat.of().formatHex(Samples.traceId().toByteArray());
    }

    private static String traceparent(String traceId) {
        return "00-" + traceId + "-00f067aa0ba902b7-01";
    }
}
