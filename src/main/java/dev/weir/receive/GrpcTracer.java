package dev.weir.receive;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Sees the bytes of a call while grpc-java still gathers them into a message, and charges them. grpc-java hides a
 * message's length until it is whole, so this is the only place where a call can be refused before its message fills
 * memory. All of it runs on the connection's event loop.
 */
final class GrpcTracer extends ServerStreamTracer {

    static final Context.Key<GrpcTracer> KEY = Context.key("weir-tracer");
    static final Metadata.Key<String> ENCODING = Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);

    /** What grpc-java keeps for the smallest frame: its objects, and the slice of the read buffer that it pins. */
    private static final int LEAST_PER_FRAME = 512;

    /** By how much a message that cannot be compressed may grow when it is. */
    private static final int COMPRESSION_OVERHEAD = 1 << 10;

    private final DoorCounters counters;
    private final @Nullable String unknownEncoding;
    private final @Nullable Encoding encoding;
    private @Nullable GrpcExchange exchange;
    private int lastWireSize;
    private long wireSize;

    private GrpcTracer(DoorCounters counters, @Nullable Encoding encoding, @Nullable String unknownEncoding) {
        this.counters = counters;
        this.encoding = encoding;
        this.unknownEncoding = unknownEncoding;
    }

    /** The compression of the message, should it say that it is compressed. */
    Encoding encoding() {
        return encoding == null ? Encoding.IDENTITY : encoding;
    }

    /** The encoding that the sender named and we do not know. */
    @Nullable
    String unknownEncoding() {
        return unknownEncoding;
    }

    /** The length of the last message before decompression, in bytes. */
    int lastWireSize() {
        return lastWireSize;
    }

    void belongsTo(GrpcExchange call) {
        exchange = call;
    }

    @Override
    public Context filterContext(Context context) {
        return context.withValue(KEY, this);
    }

    @Override
    public void inboundWireSize(long bytes) {
        counters.bytes(bytes);
        wireSize += bytes;
        if (exchange == null || !exchange.isFilling()) {
            return;
        }
        // grpc-java is in the middle of its frame: the call is closed when it is done.
        if (wireSize > exchange.maxMessageSize() + COMPRESSION_OVERHEAD) {
            exchange.stopFilling();
            exchange.later(exchange::refuseForSize);
        } else if (!exchange.charge.take(Math.max(bytes, LEAST_PER_FRAME))) {
            exchange.stopFilling();
            exchange.later(exchange::refuseForMemory);
        }
    }

    @Override
    public void inboundMessageRead(int number, long wireSize, long uncompressedSize) {
        lastWireSize = (int) wireSize;
    }

    @Override
    public void streamClosed(Status status) {
        if (exchange != null) {
            exchange.streamClosed();
        }
    }

    /** Made for every call before grpc-java looks for its decompressor. */
    static final class Factory extends ServerStreamTracer.Factory {

        private final DoorCounters counters;

        Factory(DoorCounters counters) {
            this.counters = counters;
        }

        @Override
        public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
            String name = headers.get(ENCODING);
            if (name == null) {
                return new GrpcTracer(counters, Encoding.IDENTITY, null);
            }
            Encoding encoding = Encoding.ofGrpc(name);
            headers.discardAll(ENCODING);
            if (encoding == null) {
                // grpc-java would end the call without saying what we do accept; without the header it comes to us.
                return new GrpcTracer(counters, null, name);
            }
            headers.put(ENCODING, encoding == Encoding.IDENTITY ? "identity" : GrpcDoor.AS_IT_CAME);
            return new GrpcTracer(counters, encoding, null);
        }
    }
}
