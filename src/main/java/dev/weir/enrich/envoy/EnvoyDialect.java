package dev.weir.enrich.envoy;

import dev.weir.otlp.AttributeKeys;
import dev.weir.otlp.FieldCursor;
import dev.weir.otlp.SpanView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What becomes of the tags of Envoy's spans. Immutable. */
public final class EnvoyDialect {

    private static final byte[] SCOPE_NAME = ascii("envoy");
    private static final byte[] ATTEMPT_BEGINS = ascii("router ");
    private static final byte[] ATTEMPT_ENDS = ascii(" egress");
    private static final int CLIENT = 3;

    private final boolean removeReplaced;
    private final List<Row> rows;

    /**
     * @param removeReplaced whether a tag is taken out when its attributes are written; not what Kiali reads
     * @param dropPeerAddress whether nothing is made of {@code peer.address}; the tag itself is left to who redacts
     */
    public EnvoyDialect(boolean removeReplaced, boolean dropPeerAddress) {
        this.removeReplaced = removeReplaced;
        List<Row> all = new ArrayList<>(EnvoyTags.ROWS);
        if (!dropPeerAddress) {
            all.add(EnvoyTags.PEER_ADDRESS);
        }
        rows = List.copyOf(all);
    }

    /** The keys that it looks at, each once: the tags, and what it writes. */
    public Collection<String> keys() {
        Set<String> keys = new LinkedHashSet<>(attributes());
        rows.forEach(row -> keys.addAll(row.tags()));
        keys.add(EnvoyTags.UPSTREAM_ADDRESS);
        return keys;
    }

    /** The keys that it writes, each once. */
    public Collection<String> attributes() {
        Set<String> keys = new LinkedHashSet<>();
        rows.forEach(row -> keys.addAll(row.attributes()));
        return keys;
    }

    /**
     * For one thread.
     *
     * @param keys has all of {@link #keys}
     */
    public Translation translation(AttributeKeys keys) {
        return new Translation(rows, removeReplaced, keys);
    }

    /** Whether the spans of the scope whose body lies there are Envoy's own. */
    public static boolean isEnvoyScope(byte[] request, int scopeFrom, int scopeTo) {
        boolean envoy = false;
        FieldCursor field = new FieldCursor().reset(request, scopeFrom, scopeTo);
        while (field.next()) {
            if (field.isContent(1)) {
                envoy = Arrays.equals(request, field.valueStart(), field.valueEnd(), SCOPE_NAME, 0, SCOPE_NAME.length);
            }
        }
        return envoy;
    }

    /**
     * Whether an Envoy span is one of a gateway's attempts, {@code router outbound|80||shop; egress}: it does not say on which
     * pod it was made, the span of its request does.
     */
    public static boolean isAttempt(byte[] request, SpanView span) {
        return isAttempt(request, span.kind(), span.nameStart(), span.nameEnd());
    }

    /** The same of a span of which only kind and name are read. @param from where its name is */
    public static boolean isAttempt(byte[] request, int kind, int from, int to) {
        return kind == CLIENT
                && to - from > ATTEMPT_BEGINS.length + ATTEMPT_ENDS.length
                && Arrays.equals(request, from, from + ATTEMPT_BEGINS.length, ATTEMPT_BEGINS, 0, ATTEMPT_BEGINS.length)
                && Arrays.equals(request, to - ATTEMPT_ENDS.length, to, ATTEMPT_ENDS, 0, ATTEMPT_ENDS.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
