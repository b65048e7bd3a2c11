package dev.weir.enrich;

import dev.weir.otlp.AttributeKeys;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What becomes of attributes by their key, for one kind of message. Immutable. */
final class AttributeActions {

    /** It stays. */
    static final byte KEEP = 0;
    /** It is taken out. */
    static final byte CUT = 1;
    /** Its value is replaced by a hash. */
    static final byte HASH = 2;
    /** Its value is a URL or a path, in whose query values are replaced. */
    static final byte URL = 3;
    /** Its value is such a query. */
    static final byte QUERY = 4;
    /** The sender may not say it: what only we know. */
    static final byte CLAIM = 5;

    /** Attributes that hold a URL or a path which may have a query: of the semantic conventions, old and new, and of proxies. */
    static final List<String> URLS = List.of(
            "url.full",
            "http.url",
            "http.target",
            "http.path",
            "url.original",
            "url.path",
            "path",
            ":path",
            "grpc.path",
            "http.request.uri",
            "http.referer",
            "referer",
            "http.request.header.referer",
            "http.response.header.location");

    static final List<String> QUERIES = List.of("url.query", "http.query", "query_string");

    /** Of the client: what Envoy says, and what is made of it; and SDKs' words for the same, old and new. */
    static final List<String> PEER_ADDRESSES = List.of(
            "peer.address",
            "network.peer.address",
            "network.peer.port",
            "client.address",
            "client.port",
            "http.client_ip",
            "net.peer.ip",
            "net.sock.peer.addr",
            "net.sock.peer.port");

    private final byte[] actions;

    /**
     * @param redact applies to every kind of message
     * @param cut what is taken out besides
     */
    AttributeActions(AttributeKeys keys, RedactConfig redact, Collection<String> cut) {
        actions = new byte[keys.size()];
        for (int i = 0; i < actions.length; i++) {
            actions[i] = keys.name(i).startsWith(EnrichRules.CLAIMS) ? CLAIM : KEEP;
        }
        if (isRedactingQueries(redact)) {
            set(keys, URLS, URL);
            set(keys, QUERIES, QUERY);
        }
        set(keys, redact.hash().orElse(List.of()), HASH);
        set(keys, redact.remove().orElse(List.of()), CUT);
        if (redact.peerAddress()) {
            set(keys, PEER_ADDRESSES, CUT);
        }
        set(keys, cut, CUT);
    }

    private void set(AttributeKeys keys, Collection<String> names, byte action) {
        for (String name : names) {
            actions[keys.of(name)] = action;
        }
    }

    /** Every key that redaction says something of. */
    static Set<String> keys(RedactConfig redact) {
        Set<String> all = new LinkedHashSet<>();
        all.addAll(urls(redact));
        all.addAll(keysWithoutUrls(redact));
        return all;
    }

    /** Keys of which something is done only where there is a query. */
    static List<String> urls(RedactConfig redact) {
        return isRedactingQueries(redact) ? URLS : List.of();
    }

    static Set<String> keysWithoutUrls(RedactConfig redact) {
        Set<String> all = new LinkedHashSet<>(isRedactingQueries(redact) ? QUERIES : List.of());
        all.addAll(redact.hash().orElse(List.of()));
        all.addAll(redact.remove().orElse(List.of()));
        if (redact.peerAddress()) {
            all.addAll(PEER_ADDRESSES);
        }
        return all;
    }

    private static boolean isRedactingQueries(RedactConfig redact) {
        return redact.queryValues().orElse(List.of()).stream().anyMatch(name -> !name.isBlank());
    }

    /** @param key its number */
    byte of(int key) {
        return actions[key];
    }
}
