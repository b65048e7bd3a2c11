package dev.weir.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The applications behind the sidecars: {@code productpage} calls {@code reviews}, which answers as the path says. */
final class MeshApplications implements AutoCloseable {

    /** A method without a schema: bytes in, the same bytes out, or the status whose name they are. */
    static final MethodDescriptor<byte[], byte[]> GRPC_METHOD = MethodDescriptor.<byte[], byte[]>newBuilder(
                    Bytes.AS_THEY_ARE, Bytes.AS_THEY_ARE)
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("shop.Reviews/Get")
            .build();

    private final Map<String, Boolean> failedOnce = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer productpage;
    private final HttpServer reviews;
    private final Server reviewsGrpc;

    /** @param outbound the port of productpage's sidecar for calls to others */
    MeshApplications(int outbound) {
        try {
            HttpClient sidecar = throughSidecar(outbound);
            productpage = http(exchange -> page(sidecar, exchange));
            reviews = http(this::review);
            reviewsGrpc = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                    .addService(ServerServiceDefinition.builder("shop.Reviews")
                            .addMethod(GRPC_METHOD, ServerCalls.asyncUnaryCall((request, caller) -> {
                                if (request.length > 0) {
                                    caller.onError(Status.fromCode(Status.Code.valueOf(new String(request)))
                                            .asException());
                                } else {
                                    caller.onNext(request);
                                    caller.onCompleted();
                                }
                            }))
                            .build())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int productpage() {
        return productpage.getAddress().getPort();
    }

    int reviews() {
        return reviews.getAddress().getPort();
    }

    int reviewsGrpc() {
        return reviewsGrpc.getPort();
    }

    /** A client whose calls go to a port of the loopback interface, whatever host they name: iptables do it in a mesh. */
    static HttpClient throughSidecar(int port) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .proxy(ProxySelector.of(new InetSocketAddress("127.0.0.1", port)))
                .build();
    }

    @Override
    public void close() {
        productpage.stop(0);
        reviews.stop(0);
        reviewsGrpc.shutdownNow();
        threads.shutdownNow();
    }

    private HttpServer http(com.sun.net.httpserver.HttpHandler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(threads);
        server.createContext("/", handler);
        server.start();
        return server;
    }

    private void page(HttpClient sidecar, HttpExchange exchange) throws IOException {
        if (exchange.getRequestURI().getPath().startsWith("/unready")) {
            answer(exchange, failsOnce(exchange) ? 503 : 200);
        } else {
            forward(sidecar, exchange);
        }
    }

    /** Passes the headers of the trace on, as Istio asks of applications. */
    private static void forward(HttpClient sidecar, HttpExchange exchange) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://reviews.default.svc.cluster.local:8080" + exchange.getRequestURI()));
        for (String header : new String[] {"traceparent", "tracestate", "x-request-id"}) {
            String value = exchange.getRequestHeaders().getFirst(header);
            if (value != null) {
                request.header(header, value);
            }
        }
        try {
            answer(
                    exchange,
                    sidecar.send(request.build(), BodyHandlers.discarding()).statusCode());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void review(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.startsWith("/slow")) {
            return; // never answered: the exchange ends when the sidecar gives up
        }
        answer(exchange, path.startsWith("/flaky") && failsOnce(exchange) ? 503 : 200);
    }

    private boolean failsOnce(HttpExchange exchange) {
        return failedOnce.putIfAbsent(exchange.getRequestURI().getPath(), true) == null;
    }

    private static void answer(HttpExchange exchange, int status) throws IOException {
        exchange.getRequestBody().readAllBytes();
        byte[] body = "reviewed".getBytes();
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
        AS_THEY_ARE;

        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
