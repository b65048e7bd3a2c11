package dev.weir.enrich;

import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** {@code weir.redact}: what no backend is to see. */
public interface RedactConfig {
    /** Query parameters whose values are replaced in URLs, in any case; an empty value turns it off. */
    @WithDefault("token,key,password,signature,code")
    Optional<List<String>> queryValues();

    /** Attributes that are taken out, of resources, spans, log records and data points. */
    Optional<List<String>> remove();

    /** Attributes whose text is replaced by a keyed hash of it: equal values stay equal while the process lives. */
    Optional<List<String>> hash();

    /** Whether the addresses of clients ({@code peer.address} and what is made of it) are taken out. */
    @WithDefault("false")
    boolean peerAddress();
}
