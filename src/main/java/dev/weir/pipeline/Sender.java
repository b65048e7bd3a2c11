package dev.weir.pipeline;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a payload.
 *
 * @param protocol the door it came through
 * @param overTls whether it came over TLS, with or without a client certificate
 * @param principal the URI SAN (else the subject, else the issuer and serial number) of a verified client certificate; null without mutual TLS
 * @param peer the socket's remote address, {@code host:port}
 * @param connection a number that is unique to the connection while the process lives
 * @param headers of this request, those that a later stage asked the doors for; names in lower case, several lines of one
 *     name joined by a comma. Whoever sent the request may have written them: what they say is believed only by
 *     configuration.
 */
public record Sender(
        Protocol protocol,
        boolean overTls,
        @Nullable String principal,
        String peer,
        long connection,
        Map<String, String> headers) {

    /** A sender whose headers nobody asked for, over TLS if it has a certificate. */
    public Sender(Protocol protocol, @Nullable String principal, String peer, long connection) {
        this(protocol, principal, peer, connection, Map.of());
    }

    /** A sender over TLS if it has a certificate. */
    public Sender(
            Protocol protocol, @Nullable String principal, String peer, long connection, Map<String, String> headers) {
        this(protocol, principal != null, principal, peer, connection, headers);
    }

    /** The same sender, with the headers of one request. */
    public Sender withHeaders(Map<String, String> ofRequest) {
        return ofRequest.isEmpty() ? this : new Sender(protocol, overTls, principal, peer, connection, ofRequest);
    }

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
