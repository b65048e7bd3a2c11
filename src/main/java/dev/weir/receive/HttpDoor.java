package dev.weir.receive;

import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Sender;
import dev.weir.tls.PeerPrincipal;
import dev.weir.tls.TlsConfig;
import dev.weir.tls.TlsFiles;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Future;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.Http2ServerConnection;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** OTLP over HTTP/1.1 and HTTP/2: one Vert.x server per event loop, all on one port. */
final class HttpDoor {

    private static final AttributeKey<HttpPeer> PEER = AttributeKey.valueOf("weir-peer");
    private static final int WINDOW = 1 << 20;
    /** Vert.x shares a free port among the servers that ask for the same negative number. */
    private static final AtomicInteger FREE_PORTS = new AtomicInteger();

    private final ReceiveConfig.Http config;
    private final VertxInternal vertx;
    private final Intake intake;
    private final Watches watches;
    private final DoorCounters counters;
    private final AtomicLong numbers;
    private final WantedHeaders wanted;
    private final HttpResponder responder = new HttpResponder();
    private final HttpRouter router;
    private final List<HttpServer> servers = new ArrayList<>();
    private final Set<HttpPeer> peers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open = new AtomicInteger();
    private @Nullable TlsFiles tls;

    HttpDoor(
            ReceiveConfig.Http config,
            VertxInternal vertx,
            Intake intake,
            Watches watches,
            DoorCounters counters,
            AtomicLong numbers,
            WantedHeaders wanted) {
        this.config = config;
        this.vertx = vertx;
        this.intake = intake;
        this.watches = watches;
        this.counters = counters;
        this.numbers = numbers;
        this.wanted = wanted;
        this.router = new HttpRouter(config, intake, counters, responder);
    }

    /** @throws Exception of the first server that cannot listen */
    void open() throws Exception {
        HttpServerOptions options = options();
        for (EventExecutor loop : vertx.getEventLoopGroup()) {
            ContextInternal context = vertx.createEventLoopContext(
                    (EventLoop) loop,
                    vertx.getWorkerPool(),
                    Thread.currentThread().getContextClassLoader());
            HttpServer server = new CountedHttpServer(vertx, options, this::accepted)
                    .connectionHandler(this::connected)
                    .exceptionHandler(
                            error -> {}) // broken connections are not our fault, and senders make them at will
                    .invalidRequestHandler(request -> withPeer(request, router::invalid))
                    .requestHandler(request -> withPeer(request, router::handle));
            Future<HttpServer> listening = Future.future(
                    done -> context.runOnContext(go -> server.listen().onComplete(done)));
            listening.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
            servers.add(server);
        }
    }

    int port() {
        return servers.isEmpty() ? -1 : servers.get(0).actualPort();
    }

    void goAway() {
        responder.goAway();
        for (HttpPeer peer : peers) {
            if (peer.isHttp2()) {
                peer.watch().loop().execute(() -> peer.connection().goAway(0));
            }
        }
    }

    void close(Deadline deadline) {
        List<Future<Void>> closing = servers.stream().map(HttpServer::close).toList();
        servers.clear();
        try {
            Future.join(closing)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(deadline.left().toMillis(), TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            // it is being thrown away
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
        }
        if (tls != null) {
            tls.close();
        }
    }

    private HttpServerOptions options() {
        ReceiveConfig.HttpLimits limits = config.limits();
        int port = config.port() == 0 ? -FREE_PORTS.incrementAndGet() : config.port();
        HttpServerOptions options = new HttpServerOptions()
                .setHost(config.host())
                .setPort(port)
                .setTcpNoDelay(true)
                .setDecompressionSupported(false)
                .setCompressionSupported(false)
                .setHandle100ContinueAutomatically(false)
                .setMaxHeaderSize(limits.headerSize().intBytes())
                .setMaxChunkSize(64 << 10)
                // Until the first byte; from then on each connection looks after its own time limits.
                .setIdleTimeout(
                        (int) Math.min(Integer.MAX_VALUE, limits.header().toMillis()))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setHttp2ConnectionWindowSize(4 * WINDOW)
                .setInitialSettings(new Http2Settings()
                        .setInitialWindowSize(WINDOW)
                        .setMaxConcurrentStreams(limits.streams())
                        .setMaxHeaderListSize(limits.headerSize().intBytes()));
        TlsConfig config = this.config.tls();
        if (TlsFiles.isOnAtDoor(config)) {
            TlsFiles files = TlsFiles.forServer(config);
            tls = files;
            options.setSsl(true)
                    .setUseAlpn(true)
                    .setSslHandshakeTimeout(limits.header().toMillis())
                    .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                    .setKeyCertOptions(files.keyCertOptions());
            if (files.trustOptions() != null) {
                options.setTrustOptions(files.trustOptions())
                        .setClientAuth(
                                config.clientAuth() == TlsConfig.ClientAuth.REQUIRED
                                        ? ClientAuth.REQUIRED
                                        : ClientAuth.REQUEST);
            }
        }
        return options;
    }

    /** Whether there is room for one more. */
    private boolean accepted(Channel channel) {
        if (open.incrementAndGet() > config.limits().connections()) {
            open.decrementAndGet();
            counters.connectionRefused();
            return false;
        }
        counters.connected();
        var unused = channel.closeFuture().addListener(closed -> {
            open.decrementAndGet();
            counters.disconnected();
        });
        return true;
    }

    /** It has sent something, and with TLS shaken hands. */
    private void connected(HttpConnection connection) {
        Channel channel = ((ConnectionBase) connection).channel();
        if (channel.pipeline().get("idle") != null) {
            channel.pipeline().remove("idle");
        }
        String principal = PeerPrincipal.of(connection.sslSession());
        Sender sender = new Sender(
                Sender.Protocol.HTTP_PROTOBUF,
                connection.isSsl(),
                principal,
                Peers.name(channel.remoteAddress()),
                numbers.incrementAndGet(),
                Map.of());
        Admission.Account account = principal == null
                ? intake.admission().ofConnection()
                : intake.admission().ofPrincipal(principal);
        boolean http2 = connection instanceof Http2ServerConnection;
        UnreadAnswers unread =
                UnreadAnswers.bound(channel, watches, config.limits().body());
        HttpPeer peer = new HttpPeer(
                connection, channel, http2, config.limits(), sender, wanted, account, unread, watches.ofThisLoop());
        channel.attr(PEER).set(peer);
        peers.add(peer);
        var unused = channel.closeFuture().addListener(closed -> peers.remove(peer));
    }

    /** What a connection still sends while it is being closed is not answered. */
    private static void withPeer(HttpServerRequest request, BiConsumer<HttpServerRequest, HttpPeer> handler) {
        HttpPeer peer =
                ((ConnectionBase) request.connection()).channel().attr(PEER).get();
        if (peer != null && !peer.isEnding()) {
            handler.accept(request, peer);
        }
    }
}
