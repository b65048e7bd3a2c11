package dev.weir.receive;

import dev.weir.pipeline.ByteSize;
import dev.weir.tls.TlsConfig;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code weir.receive}: the two doors. */
public interface ReceiveConfig {
    /** OTLP over gRPC. */
    Grpc grpc();

    /** OTLP over HTTP. */
    Http http();

    /** The longest a sender waits for an answer before it is told to try again; what was taken stays taken. */
    @WithDefault("8s")
    Duration answerWithin();

    /** The gRPC door. */
    interface Grpc {
        /** Address to listen on. */
        @WithDefault("0.0.0.0")
        String host();

        /** Port to listen on; 0 takes a free one. */
        @WithDefault("4317")
        int port();

        /** The longest message, in bytes after decompression; a longer one is refused with RESOURCE_EXHAUSTED. */
        @WithDefault("64MiB")
        ByteSize maxMessageSize();

        /** TLS; off without {@code cert-file}. */
        TlsConfig tls();

        /** What one connection may ask for. */
        GrpcLimits limits();
    }

    /** What a gRPC connection may ask for. */
    interface GrpcLimits {
        /** Open connections; further ones are closed at once. */
        @WithDefault("10000")
        int connections();

        /** Concurrent calls on a connection. */
        @WithDefault("256")
        int streams();

        /** The longest request header, in bytes; one that is longer by a quarter ends its connection. */
        @WithDefault("16KiB")
        ByteSize headerSize();

        /** A connection that has not begun to speak HTTP/2, or not finished the TLS handshake, after this long is closed. */
        @WithDefault("10s")
        Duration handshake();

        /** A connection is told to go away after this long (± 10 %), so that a plain load balancer spreads senders again. */
        @WithDefault("5m")
        Duration connectionAge();

        /** How long calls of a connection that was told to go away may still take. */
        @WithDefault("30s")
        Duration connectionAgeGrace();

        /** A connection without calls is closed after this long. */
        @WithDefault("10m")
        Duration idle();

        /** A call whose message has not come whole after this long is ended with DEADLINE_EXCEEDED. An answer not read for so long resets. */
        @WithDefault("30s")
        Duration body();

        /** Client pings more often than this end the connection with too_many_pings. */
        @WithDefault("10s")
        Duration pingInterval();
    }

    /** The HTTP door. */
    interface Http {
        /** Address to listen on. */
        @WithDefault("0.0.0.0")
        String host();

        /** Port to listen on; 0 takes a free one. */
        @WithDefault("4318")
        int port();

        /** The longest body, in bytes after decompression; a longer one is refused with 413. */
        @WithDefault("64MiB")
        ByteSize maxMessageSize();

        /** TLS; off without {@code cert-file}. */
        TlsConfig tls();

        /** Origins whose pages may post telemetry (CORS); {@code *} for any; none by default. */
        Optional<List<String>> corsOrigins();

        /** What one connection may ask for. */
        HttpLimits limits();
    }

    /** What an HTTP connection may ask for. */
    interface HttpLimits {
        /** Open connections; further ones are closed at once. */
        @WithDefault("10000")
        int connections();

        /** Concurrent requests on an HTTP/2 connection. */
        @WithDefault("256")
        int streams();

        /** The longest request header, in bytes. */
        @WithDefault("16KiB")
        ByteSize headerSize();

        /** A connection that has not sent a request's header after this long is closed. */
        @WithDefault("10s")
        Duration header();

        /** A connection is closed with its next answer after this long (± 10 %), so that a load balancer spreads senders again. */
        @WithDefault("5m")
        Duration connectionAge();

        /** A connection without a request is closed after this long. */
        @WithDefault("60s")
        Duration idle();

        /** A request whose body has not come whole after this long is answered with 503. An answer not read for so long resets. */
        @WithDefault("30s")
        Duration body();
    }
}
