package dev.weir.receive;

import io.netty.channel.Channel;
import io.netty.handler.traffic.GlobalTrafficShapingHandler;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.HttpServerImpl;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.SslChannelProvider;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * A Vert.x server that asks for each connection when it is accepted. Vert.x itself tells of a connection at its first byte, and
 * with TLS after the handshake: those that are silent would count nowhere.
 */
final class CountedHttpServer extends HttpServerImpl {

    private final Predicate<Channel> admits;

    /** @param admits whether there is room for one more; on the connection's event loop */
    CountedHttpServer(VertxInternal vertx, HttpServerOptions options, Predicate<Channel> admits) {
        super(vertx, options);
        this.admits = admits;
    }

    @Override
    protected BiConsumer<Channel, SslChannelProvider> childHandler(
            ContextInternal context, SocketAddress address, GlobalTrafficShapingHandler shaping) {
        BiConsumer<Channel, SslChannelProvider> handler = super.childHandler(context, address, shaping);
        return (channel, tls) -> {
            if (admits.test(channel)) {
                handler.accept(channel, tls);
            } else {
                channel.unsafe().closeForcibly();
            }
        };
    }
}
