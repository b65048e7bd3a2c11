package dev.weir.receive;

import com.google.common.util.concurrent.MoreExecutors;
import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Hop;
import dev.weir.pipeline.Sender;
import dev.weir.pipeline.Signal;
import dev.weir.receive.CountedServerChannel.Connections;
import dev.weir.tls.PeerPrincipal;
import dev.weir.tls.TlsFiles;
import io.grpc.Attributes;
import io.grpc.Codec;
import io.grpc.Context;
import io.grpc.Decompressor;
import io.grpc.DecompressorRegistry;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.vertx.core.impl.VertxInternal;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** OTLP over gRPC: grpc-java's Netty server on Vert.x's event loops, calls handled on the loop they came by. */
final class GrpcDoor {

    /** Stands for every encoding we know: grpc-java hands the compressed bytes on, and {@link Inflation} opens them. */
    static final String AS_IT_CAME = "weir";

    private static final String ACCEPTED_ENCODINGS = "identity,gzip,zstd";
    private static final Metadata.Key<String> HOP = Metadata.Key.of(Hop.HEADER, Metadata.ASCII_STRING_MARSHALLER);

    private static final Metadata.Key<String> ACCEPT_ENCODING =
            Metadata.Key.of("grpc-accept-encoding", Metadata.ASCII_STRING_MARSHALLER);
    private static final Attributes.Key<Connection> CONNECTION = Attributes.Key.create("weir-connection");
    private static final int WINDOW = 1 << 20;

    private final ReceiveConfig.Grpc config;
    private final VertxInternal vertx;
    private final Intake intake;
    private final Watches watches;
    private final DoorCounters counters;
    private final AtomicLong numbers;
    private final WantedHeaders wanted;
    private final Connections connections;
    private final int maxMessageSize;
    private @Nullable Server server;
    private @Nullable TlsFiles tls;

    /** Who is at the other end. */
    private record Connection(
            Sender sender,
            Admission.Account account,
            @Nullable UnreadAnswers unread) {}

    GrpcDoor(
            ReceiveConfig.Grpc config,
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
        this.connections = new Connections(config.limits().connections(), counters, channel -> {
            channel.pipeline().addFirst(new SnugReads());
            SilentStart.bound(channel, watches, config.limits().handshake());
            return UnreadAnswers.bound(channel, watches, config.limits().body());
        });
        this.maxMessageSize = config.maxMessageSize().intBytes();
    }

    void open() throws IOException {
        ReceiveConfig.GrpcLimits limits = config.limits();
        NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress(config.host(), config.port()))
                .channelFactory(() -> new CountedServerChannel(connections))
                .bossEventLoopGroup(vertx.getAcceptorEventLoopGroup())
                .workerEventLoopGroup(vertx.getEventLoopGroup())
                .withOption(ChannelOption.SO_BACKLOG, 1024)
                .withChildOption(ChannelOption.RCVBUF_ALLOCATOR, new FrameReads())
                .executor(MoreExecutors.directExecutor())
                // The tracer counts: grpc-java would log each message over its limit, and we could not count it
                .maxInboundMessageSize(Integer.MAX_VALUE)
                .handshakeTimeout(limits.handshake().toMillis(), TimeUnit.MILLISECONDS)
                .maxInboundMetadataSize(limits.headerSize().intBytes())
                .maxConcurrentCallsPerConnection(limits.streams())
                .initialFlowControlWindow(WINDOW)
                .keepAliveTime(2, TimeUnit.HOURS)
                .keepAliveTimeout(20, TimeUnit.SECONDS)
                .permitKeepAliveTime(limits.pingInterval().toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true)
                .maxConnectionAge(limits.connectionAge().toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionAgeGrace(limits.connectionAgeGrace().toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionIdle(limits.idle().toMillis(), TimeUnit.MILLISECONDS)
                .addStreamTracerFactory(new GrpcTracer.Factory(counters))
                .addTransportFilter(new ConnectionNames())
                .decompressorRegistry(DecompressorRegistry.emptyInstance()
                        .with(Codec.Identity.NONE, true)
                        .with(new AsItCame(), false));
        if (TlsFiles.isOnAtDoor(config.tls())) {
            tls = TlsFiles.forServer(config.tls());
            builder.sslContext(tls.nettyServer());
        }
        GrpcMethods.services(Calls::new).forEach(builder::addService);
        server = builder.build().start();
    }

    int port() {
        return server == null ? -1 : server.getPort();
    }

    /** Closing a connection's channel makes grpc-java send GOAWAY and let its calls finish; the port stays open. */
    void goAway() {
        connections.all().forEach(Channel::close);
    }

    /** Listens no more, and sends GOAWAY. */
    void shutdown() {
        if (server != null) {
            server.shutdown();
        }
    }

    void close(Deadline deadline) {
        if (server == null) {
            return;
        }
        server.shutdown();
        try {
            if (!server.awaitTermination(deadline.left().toMillis(), TimeUnit.MILLISECONDS)) {
                server.shutdownNow().awaitTermination(1, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        if (tls != null) {
            tls.close();
        }
    }

    /** Starts the calls of one signal. */
    private final class Calls implements ServerCallHandler<InputStream, byte[]> {

        private final Signal signal;

        Calls(Signal signal) {
            this.signal = signal;
        }

        @Override
        public ServerCall.Listener<InputStream> startCall(ServerCall<InputStream, byte[]> call, Metadata headers) {
            GrpcTracer tracer = GrpcTracer.KEY.get(Context.current());
            Connection connection = call.getAttributes().get(CONNECTION);
            if (tracer == null || connection == null) {
                throw new IllegalStateException("a call without its tracer or connection");
            }
            if (tracer.unknownEncoding() != null) {
                counters.request("protocol");
                Metadata trailers = new Metadata();
                trailers.put(ACCEPT_ENCODING, ACCEPTED_ENCODINGS);
                call.close(
                        Status.UNIMPLEMENTED.withDescription("encoding '" + tracer.unknownEncoding()
                                + "' is not supported; accepted are " + ACCEPTED_ENCODINGS),
                        trailers);
                return new ServerCall.Listener<>() {};
            }
            if (intake.isOurOwn(headers.get(HOP))) {
                counters.request("protocol");
                call.close(Status.INVALID_ARGUMENT.withDescription(Hop.REFUSAL), new Metadata());
                return new ServerCall.Listener<>() {};
            }
            GrpcExchange exchange = new GrpcExchange(
                    call,
                    tracer,
                    intake,
                    counters,
                    signal,
                    wanted.of(connection.sender(), headers),
                    new Charge(connection.account()),
                    connection.unread(),
                    watches.ofThisLoop(),
                    config.limits().body(),
                    maxMessageSize);
            if (intake.isRefusing()) {
                exchange.stopFilling();
                exchange.refuseEarly(Refusals.draining());
            } else {
                // Two, so that a second message is noticed
                call.request(2);
            }
            return exchange.listener();
        }
    }

    private final class ConnectionNames extends ServerTransportFilter {
        @Override
        public Attributes transportReady(Attributes attributes) {
            SSLSession session = attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
            String principal = PeerPrincipal.of(session);
            SocketAddress address = attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
            String peer = Peers.name(address);
            UnreadAnswers unread = address == null ? null : connections.unread(address);
            if (unread != null) {
                limitCalls(unread.channel());
            }
            Sender sender = new Sender(
                    Sender.Protocol.GRPC, session != null, principal, peer, numbers.incrementAndGet(), Map.of());
            Admission.Account account = principal == null
                    ? intake.admission().ofConnection()
                    : intake.admission().ofPrincipal(principal);
            return attributes.toBuilder()
                    .set(CONNECTION, new Connection(sender, account, unread))
                    .build();
        }
    }

    /**
     * At a connection's first SETTINGS, before any call: grpc-java 1.79 only announces the number, and the codec keeps a sender to
     * it once that has acknowledged it, which a hostile one never does (grpc-java#12930, mended in 1.83.1).
     */
    private void limitCalls(Channel channel) {
        Http2ConnectionHandler http2 = channel.pipeline().get(Http2ConnectionHandler.class);
        http2.connection().remote().maxActiveStreams(config.limits().streams());
    }

    /** Does not decompress: that happens where it can be charged, limited and done by another thread. */
    private static final class AsItCame implements Decompressor {
        @Override
        public String getMessageEncoding() {
            return AS_IT_CAME;
        }

        @Override
        public InputStream decompress(InputStream stream) {
            return stream;
        }
    }
}
