package dev.weir.receive;

import dev.weir.pipeline.Sender;
import io.grpc.Metadata;
import io.vertx.core.MultiMap;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The headers of a request that a later stage asked for. A request without any of them costs a search and no object. */
final class WantedHeaders {

    private final List<Name> names;

    private record Name(String text, Metadata.Key<String> key) {}

    /** @param names of letters, digits and {@code -_.}, in any case; {@code -bin} at the end means bytes to gRPC, and is not text */
    WantedHeaders(Collection<String> names) {
        this.names = names.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .sorted()
                .distinct()
                .map(name -> new Name(name, Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)))
                .toList();
    }

    /** The sender with what its call's metadata has of them. */
    Sender of(Sender sender, Metadata metadata) {
        Map<String, String> found = null;
        for (int i = 0; i < names.size(); i++) {
            Name name = names.get(i);
            Iterable<String> lines = metadata.getAll(name.key());
            if (lines != null) {
                found = with(found, name.text(), lines);
            }
        }
        return found == null ? sender : sender.withHeaders(Map.copyOf(found));
    }

    /** The sender with what its request's header has of them. */
    Sender of(Sender sender, MultiMap headers) {
        Map<String, String> found = null;
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i).text();
            if (headers.contains(name)) {
                found = with(found, name, headers.getAll(name));
            }
        }
        return found == null ? sender : sender.withHeaders(Map.copyOf(found));
    }

    private static Map<String, String> with(@Nullable Map<String, String> found, String name, Iterable<String> lines) {
        Map<String, String> all = found == null ? new HashMap<>() : found;
        all.put(name, String.join(",", lines));
        return all;
    }
}
