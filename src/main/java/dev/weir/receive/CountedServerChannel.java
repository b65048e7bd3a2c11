package dev.weir.receive;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A listening socket that knows the connections it has accepted and closes at once what is over their limit. */
final class CountedServerChannel extends NioServerSocketChannel {

    private final Connections connections;

    CountedServerChannel(Connections connections) {
        this.connections = connections;
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        int count = super.doReadMessages(accepted);
        if (count <= 0) {
            return count;
        }
        Channel channel = (Channel) accepted.get(accepted.size() - 1);
        if (connections.add(channel)) {
            return count;
        }
        accepted.remove(accepted.size() - 1);
        channel.unsafe().closeForcibly();
        // One was read, but there is nothing to hand on; going on accepts the next.
        return accepted.isEmpty() ? 0 : count;
    }

    /** The open connections of a door. */
    static final class Connections {

        private final int limit;
        private final DoorCounters counters;
        private final Function<Channel, UnreadAnswers> bound;
        private final Set<Channel> open = ConcurrentHashMap.newKeySet();
        private final Map<SocketAddress, UnreadAnswers> byPeer = new ConcurrentHashMap<>();

        /** @param bound bounds the answers that a new connection does not read */
        Connections(int limit, DoorCounters counters, Function<Channel, UnreadAnswers> bound) {
            this.limit = limit;
            this.counters = counters;
            this.bound = bound;
        }

        /** Whether there was room for one more. Called by the one thread that accepts. */
        boolean add(Channel channel) {
            if (open.size() >= limit) {
                counters.connectionRefused();
                return false;
            }
            open.add(channel);
            counters.connected();
            UnreadAnswers unread = bound.apply(channel);
            SocketAddress peer = channel.remoteAddress();
            if (peer != null) {
                byPeer.put(peer, unread);
            }
            channel.closeFuture().addListener(closed -> {
                open.remove(channel);
                counters.disconnected();
                if (peer != null) {
                    byPeer.remove(peer, unread);
                }
            });
            return true;
        }

        /** Of the connection from that address; null when it has gone already. */
        @Nullable
        UnreadAnswers unread(SocketAddress peer) {
            return byPeer.get(peer);
        }

        Iterable<Channel> all() {
            return open;
        }
    }
}
