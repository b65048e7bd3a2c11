package dev.weir.export;

import dev.weir.otlp.RequestBytes;
import dev.weir.pipeline.Hop;
import dev.weir.pipeline.Signal;
import dev.weir.tls.TlsFiles;
import io.netty.buffer.Unpooled;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.tracing.TracingPolicy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** OTLP over HTTP/1.1 with protobuf bodies, by Vert.x's client. */
final class HttpTransport implements Transport {

    private static final int MAX_ERROR_BODY = 64 << 10;
    private static final int IDLE_SECONDS = 30;

    private final Plan plan;
    private final Headers headers;
    private final @Nullable String serverName;
    private final Loop loop;
    private final WorkerExecutor workers;
    private final InstantSource clock;
    private final Hop hop;
    private final HttpClient client;

    /**
     * @param tls null when the endpoint is http
     * @param loop the destination's, on which {@link #send} is called
     * @param workers compress, which would hold up an event loop
     * @param hop marks every request
     */
    HttpTransport(
            Plan plan,
            Headers headers,
            @Nullable TlsFiles tls,
            @Nullable String serverName,
            Vertx vertx,
            Loop loop,
            WorkerExecutor workers,
            InstantSource clock,
            Hop hop) {
        this.plan = plan;
        this.headers = headers;
        this.serverName = serverName;
        this.loop = loop;
        this.workers = workers;
        this.clock = clock;
        this.hop = hop;
        HttpClientOptions options = new HttpClientOptions()
                .setMaxPoolSize(plan.concurrency() * Signal.values().length)
                .setKeepAliveTimeout(IDLE_SECONDS)
                .setConnectTimeout((int) plan.timeout().toMillis())
                .setTracingPolicy(TracingPolicy.IGNORE);
        if (tls != null) {
            options.setSsl(true).setVerifyHost(true);
            if (tls.keyCertOptions() != null) {
                options.setKeyCertOptions(tls.keyCertOptions());
            }
            if (tls.trustOptions() != null) {
                options.setTrustOptions(tls.trustOptions());
            }
        }
        client = vertx.createHttpClient(options);
    }

    @Override
    public Call send(Signal signal, RequestBytes bytes, int items, Consumer<Outcome> done) {
        Exchange exchange = new Exchange(done);
        exchange.timer = loop.after(plan.timeout().toNanos(), exchange::timedOut);
        if (plan.compression() == ExportConfig.Compression.NONE) {
            exchange.begin(signal, bytes.toArray());
        } else {
            workers.executeBlocking(() -> BodyCompression.compress(plan.compression(), bytes.toArray()), false)
                    .onSuccess(body -> exchange.begin(signal, body))
                    .onFailure(exchange::failed);
        }
        return exchange;
    }

    @Override
    public void close() {
        client.close();
    }

    /** Confined to the loop. */
    private final class Exchange implements Call {
        private final Consumer<Outcome> done;
        private Loop.@Nullable Timer timer;
        private @Nullable HttpClientRequest request;
        private boolean over;

        Exchange(Consumer<Outcome> done) {
            this.done = done;
        }

        void begin(Signal signal, byte[] body) {
            if (over) {
                return;
            }
            client.request(options(signal)).onComplete(connected -> {
                if (connected.failed()) {
                    failed(connected.cause());
                } else if (over) {
                    connected.result().reset();
                } else {
                    request = connected.result();
                    request.send(Buffer.buffer(Unpooled.wrappedBuffer(body)))
                            .onSuccess(this::answered)
                            .onFailure(this::failed);
                }
            });
        }

        private RequestOptions options(Signal signal) {
            Endpoint endpoint = plan.endpoint();
            RequestOptions options = new RequestOptions()
                    .setMethod(HttpMethod.POST)
                    .setHost(serverName == null ? endpoint.address() : serverName)
                    .setPort(endpoint.port())
                    .setSsl(endpoint.tls())
                    .setURI(endpoint.pathFor(signal))
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/x-protobuf")
                    .putHeader(HttpHeaders.USER_AGENT, "weir")
                    .putHeader(Hop.HEADER, hop.id());
            if (serverName != null) {
                options.setServer(SocketAddress.inetSocketAddress(endpoint.port(), endpoint.address()));
            }
            if (plan.compression() != ExportConfig.Compression.NONE) {
                options.putHeader(
                        HttpHeaders.CONTENT_ENCODING, plan.compression().name().toLowerCase(Locale.ROOT));
            }
            headers.current().forEach(options::putHeader);
            return options;
        }

        private void answered(HttpClientResponse response) {
            boolean good = response.statusCode() / 100 == 2;
            int limit = good ? Answers.MAX_BYTES : MAX_ERROR_BODY;
            Buffer body = Buffer.buffer();
            response.exceptionHandler(this::failed);
            response.handler(part -> {
                if (body.length() + part.length() <= limit) {
                    body.appendBuffer(part);
                } else {
                    // The status is known; more than the limit is not worth a connection.
                    finish(outcome(response, new byte[0]));
                    reset();
                }
            });
            response.endHandler(v -> finish(outcome(response, body.getBytes())));
        }

        private Outcome outcome(HttpClientResponse response, byte[] body) {
            return HttpOutcomes.of(
                    response.statusCode(),
                    response.getHeader(HttpHeaders.CONTENT_TYPE),
                    response.getHeader(HttpHeaders.RETRY_AFTER),
                    body,
                    clock);
        }

        private void timedOut() {
            finish(new Outcome.Retryable("timeout", "no answer within " + seconds(plan.timeout()) + " s", null));
            reset();
        }

        private void failed(Throwable failure) {
            finish(new Outcome.Retryable("unavailable", message(failure), null));
        }

        private void finish(Outcome outcome) {
            if (!over) {
                over = true;
                if (timer != null) {
                    timer.cancel();
                }
                done.accept(outcome);
            }
        }

        private void reset() {
            if (request != null) {
                request.reset();
            }
        }

        @Override
        public void cancel() {
            over = true;
            if (timer != null) {
                timer.cancel();
            }
            reset();
        }
    }

    /** With the first cause, which says why a TLS connection failed. */
    private static String message(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String message = Objects.requireNonNullElse(
                failure.getMessage(), failure.getClass().getSimpleName());
        boolean told = root.getMessage() == null || message.contains(root.getMessage());
        return told ? message : message + ": " + root.getMessage();
    }

    private static String seconds(Duration duration) {
        return Double.toString(duration.toMillis() / 1000.0);
    }
}
