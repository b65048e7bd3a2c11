package dev.weir.receive;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;

/**
 * Holds a connection to its number of calls from the first frame on. grpc-java 1.79 only announces the number, and the codec
 * keeps a peer to it once it has acknowledged the announcement: one that never does may open as many as it likes
 * (CVE-2026-47244). On the connection's event loop; goes when it has done it.
 */
final class StreamLimit extends ChannelInboundHandlerAdapter {

    private final int streams;

    /** @param streams calls at a time, at least 1 */
    StreamLimit(int streams) {
        this.streams = streams;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        // with TLS it comes after the handshake
        Http2ConnectionHandler http2 = context.pipeline().get(Http2ConnectionHandler.class);
        if (http2 != null) {
            http2.connection().remote().maxActiveStreams(streams);
            context.pipeline().remove(this);
        }
        context.fireChannelRead(message);
    }
}
