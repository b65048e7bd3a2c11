package dev.weir.it;

import dev.weir.FreePorts;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** A port that takes connections and then misbehaves. */
final class BadDestination implements AutoCloseable {

    /** What becomes of a connection. */
    enum Behaviour {
        /** It is taken, and nothing is ever read or said. */
        HANGS,
        /** It is reset at once. */
        RESETS,
        /** Nobody listens. */
        REFUSES,
        /** Every request is answered with success, and not one item of it is taken. */
        REJECTS
    }

    private final int port = FreePorts.next();
    private final @Nullable ServerSocket server;
    private final @Nullable Server rejecting;
    private final Behaviour behaviour;
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();

    BadDestination(Behaviour behaviour) {
        this.behaviour = behaviour;
        try {
            rejecting = behaviour == Behaviour.REJECTS ? rejecting(port) : null;
            server = behaviour == Behaviour.HANGS || behaviour == Behaviour.RESETS
                    ? new ServerSocket(port, 50, InetAddress.getLoopbackAddress())
                    : null;
            if (server != null) {
                Thread.ofPlatform().daemon().start(() -> accept(server));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        try {
            if (server != null) {
                server.close();
            }
            if (rejecting != null) {
                rejecting.shutdownNow();
            }
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Server rejecting(int port) throws IOException {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .addService(new TraceServiceGrpc.TraceServiceImplBase() {
                    @Override
                    public void export(
                            ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> caller) {
                        int spans = request.getResourceSpansList().stream()
                                .flatMap(resource -> resource.getScopeSpansList().stream())
                                .mapToInt(ScopeSpans::getSpansCount)
                                .sum();
                        caller.onNext(ExportTraceServiceResponse.newBuilder()
                                .setPartialSuccess(ExportTracePartialSuccess.newBuilder()
                                        .setRejectedSpans(spans)
                                        .setErrorMessage("no room for these"))
                                .build());
                        caller.onCompleted();
                    }
                })
                .build()
                .start();
    }

    private void accept(ServerSocket from) {
        try {
            while (true) {
                Socket socket = from.accept();
                if (behaviour == Behaviour.RESETS) {
                    socket.setSoLinger(true, 0);
                    socket.close();
                } else {
                    open.add(socket);
                }
            }
        } catch (IOException closed) {
            return;
        }
    }
}
