package dev.weir.export;

import com.github.luben.zstd.Zstd;
import dev.weir.FreePorts;
import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;

final class FakeHttpReceiver extends FakeReceiver {

    private final Vertx vertx;
    private final TestCertificate certificate;
    private final boolean mutual;
    private final int port = FreePorts.next();
    private HttpServer server;

    FakeHttpReceiver(Vertx vertx) {
        this(vertx, null);
    }

    /** With TLS when there is a certificate. */
    FakeHttpReceiver(Vertx vertx, TestCertificate certificate) {
        this(vertx, certificate, false);
    }

    /** @param mutual whether clients must show the same certificate */
    FakeHttpReceiver(Vertx vertx, TestCertificate certificate, boolean mutual) {
        this.certificate = certificate;
        this.mutual = mutual;
        this.vertx = vertx;
        start();
    }

    @Override
    String protocol() {
        return Plan.HTTP_PROTOBUF;
    }

    @Override
    int port() {
        return port;
    }

    @Override
    void start() {
        HttpServerOptions options = new HttpServerOptions();
        if (certificate != null) {
            options.setSsl(true)
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .addCertPath(certificate.certFile().toString())
                            .addKeyPath(certificate.keyFile().toString()))
                    .setTrustOptions(new PemTrustOptions()
                            .addCertPath(certificate.certFile().toString()))
                    .setClientAuth(mutual ? ClientAuth.REQUIRED : ClientAuth.NONE);
        }
        server = vertx.createHttpServer(options);
        server.requestHandler(request -> request.body().onSuccess(body -> handle(request, body)));
        server.listen(port, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @Override
    void closeServer() {
        server.close().toCompletionStage().toCompletableFuture().join();
    }

    private void handle(HttpServerRequest request, Buffer body) {
        Map<String, String> headers = new HashMap<>();
        request.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        headers.put(":path", request.path());
        String last = request.path().substring(request.path().lastIndexOf('/') + 1);
        Signal signal = Signal.valueOf(last.toUpperCase(Locale.ROOT));
        reply(request, received(signal, decoded(headers, body.getBytes()), headers));
    }

    private static byte[] decoded(Map<String, String> headers, byte[] body) {
        try {
            return switch (headers.getOrDefault("content-encoding", "identity")) {
                case "gzip" -> new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
                case "zstd" -> Zstd.decompress(body, (int) Zstd.getFrameContentSize(body));
                default -> body;
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void reply(HttpServerRequest request, Reply reply) {
        HttpServerResponse response = request.response();
        switch (reply) {
            case Reply.Ok ok -> protobuf(response, new byte[0]);
            case Reply.Partial partial ->
                protobuf(
                        response,
                        ExportTraceServiceResponse.newBuilder()
                                .setPartialSuccess(ExportTracePartialSuccess.newBuilder()
                                        .setRejectedSpans(partial.rejected())
                                        .setErrorMessage(partial.message()))
                                .build()
                                .toByteArray());
            case Reply.Retryable retryable -> {
                if (retryable.afterSeconds() >= 0) {
                    response.putHeader("Retry-After", Integer.toString(retryable.afterSeconds()));
                }
                response.setStatusCode(503).end("overloaded");
            }
            case Reply.Permanent permanent ->
                protobuf(
                        response.setStatusCode(400),
                        com.google.rpc.Status.newBuilder()
                                .setMessage(permanent.message())
                                .build()
                                .toByteArray());
            case Reply.TooLarge tooLarge -> response.setStatusCode(413).end();
            case Reply.Hang hang -> {}
            case Reply.Reset reset -> request.connection().close();
            case Reply.Code code -> response.setStatusCode(code.code()).end();
        }
    }

    private static void protobuf(HttpServerResponse response, byte[] body) {
        response.putHeader("Content-Type", "application/x-protobuf").end(Buffer.buffer(body));
    }
}
