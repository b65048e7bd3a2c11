package dev.weir.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * Who sent a payload.
 *
 * @param protocol the door it came through
 * @param principal the URI SAN (else the subject) of a verified client certificate; null without mutual TLS
 * @param peer the socket's remote address, {@code host:port}
 * @param connection a number that is unique to the connection while the process lives
 */
public record Sender(Protocol protocol, @Nullable String principal, String peer, long connection) {

    /** The door a payload came through. */
    public enum Protocol {
        GRPC("grpc"),
        HTTP_PROTOBUF("http/protobuf"),
        HTTP_JSON("http/json");

        private final String label;

        Protocol(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }
}
