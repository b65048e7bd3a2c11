package dev.weir.it;

import dev.weir.FreePorts;
import dev.weir.it.MeshCertificates.Workload;
import dev.weir.tls.PeerPrincipal;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A destination over OTLP/gRPC and one over OTLP/HTTP, both over TLS and only for who shows a certificate of the mesh. They can be
 * started again with another certificate, on the same ports and with nothing taken.
 */
final class TlsReceivers implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final int[] port = FreePorts.next(2);
    private final Path clientAuthority;
    private final Queue<ExportTraceServiceRequest> overHttp = new ConcurrentLinkedQueue<>();
    private final Set<String> grpcClients = ConcurrentHashMap.newKeySet();
    private final Set<String> httpClients = ConcurrentHashMap.newKeySet();
    private RecordingReceiver grpc;
    private HttpServer http;

    /** @param clients those whose certificates are taken */
    TlsReceivers(MeshCertificates clients, Workload own) {
        clientAuthority = clients.authority();
        start(own);
    }

    int grpcPort() {
        return port[0];
    }

    int httpPort() {
        return port[1];
    }

    Items overGrpc() {
        return grpc.items();
    }

    Items overHttp() {
        return Items.of(overHttp);
    }

    /** Whose certificates were shown. */
    Set<String> grpcClients() {
        return Set.copyOf(grpcClients);
    }

    /** Whose certificates were shown. */
    Set<String> httpClients() {
        return Set.copyOf(httpClients);
    }

    void restart(Workload own) {
        stop();
        overHttp.clear();
        grpcClients.clear();
        httpClients.clear();
        FreePorts.awaitFree(port[0]);
        FreePorts.awaitFree(port[1]);
        start(own);
    }

    @Override
    public void close() {
        stop();
        vertx.close();
    }

    private void start(Workload own) {
        try {
            grpc = new RecordingReceiver(NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port[0]))
                    .intercept(new NoteClient())
                    .sslContext(GrpcSslContexts.forServer(
                                    own.certificate().toFile(), own.key().toFile())
                            .trustManager(clientAuthority.toFile())
                            .clientAuth(ClientAuth.REQUIRE)
                            .build()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http = vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertPath(own.certificate().toString())
                                .addKeyPath(own.key().toString()))
                        .setTrustOptions(new PemTrustOptions().addCertPath(clientAuthority.toString()))
                        .setClientAuth(io.vertx.core.http.ClientAuth.REQUIRED))
                .requestHandler(request -> request.body().onSuccess(body -> take(request, body)));
        http.listen(port[1], "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private void stop() {
        grpc.close();
        http.close().toCompletionStage().toCompletableFuture().join();
    }

    private void take(HttpServerRequest request, Buffer body) {
        try {
            overHttp.add(ExportTraceServiceRequest.parseFrom(body.getBytes()));
        } catch (IOException e) {
            request.response().setStatusCode(400).end();
            return;
        }
        httpClients.add(PeerPrincipal.of(request.sslSession()));
        request.response().putHeader("Content-Type", "application/x-protobuf").end();
    }

    private final class NoteClient implements ServerInterceptor {
        @Override
        public <T, R> ServerCall.Listener<T> interceptCall(
                ServerCall<T, R> call, Metadata headers, ServerCallHandler<T, R> next) {
            grpcClients.add(PeerPrincipal.of(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION)));
            return next.startCall(call, headers);
        }
    }
}
