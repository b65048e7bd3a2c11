package dev.weir.enrich;

import dev.weir.enrich.envoy.EnvoyDialect;
import dev.weir.enrich.envoy.LinkerdNumbers;
import dev.weir.otlp.AttributeKeys;
import dev.weir.otlp.AttributeSieve;
import dev.weir.otlp.AttributeView;
import dev.weir.otlp.AttributeWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the configuration says, as the stage uses it. Immutable. */
final class EnrichRules {

    /** Attributes of this name are ours: no sender may write them, but a relay. */
    static final String CLAIMS = "mesh.";

    /** Whether the sender claims to be another than its certificate says. */
    static final String MISMATCH = "mesh.identity.mismatch";

    private static final byte[] CLAIMS_UTF8 = CLAIMS.getBytes(StandardCharsets.US_ASCII);

    /** Every key that is looked at in spans, log records and data points. */
    final AttributeKeys keys;
    /** Finds messages with an attribute that something is done to, whoever sent it. */
    final AttributeSieve sieve;

    final AttributeActions spanActions;
    final AttributeActions itemActions;
    final EnvoyDialect dialect;
    final boolean translates;
    final CustomTags tags;
    final Map<String, String> resourceSet;
    final Set<String> resourceDelete;
    final Set<String> hashed;
    final List<String> queryNames;
    final SelfTelemetry self;
    final int nodeId;
    final int direction;
    /** Keys that the dialect does not get to see: nothing may be made of what is taken out or hashed. */
    final Set<String> unseen;
    /** Their numbers in {@link #keys}. */
    final int[] hidden;
    /** Whether something is done to attributes that are written by translating, besides queries. */
    final boolean cleansTranslated;

    final byte[] hashKey = KeyedHash.newKey();
    /** Attributes that every span gets, as fields of a span. */
    final byte[] spanSet;

    /** @param ports on which we take telemetry in */
    EnrichRules(
            MeshConfig mesh,
            RedactConfig redact,
            AttributesConfig attributes,
            UnaryOperator<@Nullable String> environment,
            Collection<Integer> ports) {
        translates = mesh.dialect() != MeshConfig.Dialect.OFF;
        dialect = new EnvoyDialect(mesh.dialect() == MeshConfig.Dialect.SEMCONV_ONLY, redact.peerAddress());
        Set<String> spanCut = new LinkedHashSet<>(attributes.span().delete().orElse(List.of()));
        spanCut.addAll(attributes.span().set().keySet());

        Set<String> done = AttributeActions.keys(redact);
        done.addAll(spanCut);
        Set<String> caught = new LinkedHashSet<>(spanCut);
        caught.addAll(AttributeActions.keysWithoutUrls(redact));
        caught.add(SelfTelemetry.DIRECTION);
        sieve = new AttributeSieve(CLAIMS, caught, AttributeActions.urls(redact));
        Set<String> all = new LinkedHashSet<>(done);
        Set<String> translated = new LinkedHashSet<>(dialect.keys());
        translated.addAll(LinkerdNumbers.keys());
        all.addAll(translated);
        all.addAll(SelfTelemetry.KEYS);
        all.add("node_id");
        keys = new AttributeKeys(all);
        nodeId = keys.of("node_id");
        direction = keys.of(SelfTelemetry.DIRECTION);
        spanActions = new AttributeActions(keys, redact, spanCut);
        itemActions = new AttributeActions(keys, redact, List.of());
        queryNames = redact.queryValues().orElse(List.of());
        self = new SelfTelemetry(
                keys,
                mesh.selfTelemetry() == MeshConfig.SelfTelemetry.DROP,
                mesh.hosts().orElse(List.of()),
                ports);

        Set<String> unread = new LinkedHashSet<>(redact.remove().orElse(List.of()));
        unread.addAll(redact.hash().orElse(List.of()));
        unseen = Set.copyOf(unread);
        hidden = unseen.stream().mapToInt(keys::of).toArray();
        Set<String> cleaned = new LinkedHashSet<>(done);
        if (unseen.isEmpty() && spanCut.isEmpty() && !redact.peerAddress()) {
            cleaned.clear(); // there are only queries
        }
        cleaned.retainAll(translated);
        cleansTranslated = !cleaned.isEmpty();

        tags = new CustomTags(mesh.customTags(), environment);
        resourceSet = Map.copyOf(attributes.resource().set());
        resourceDelete = new LinkedHashSet<>(attributes.resource().delete().orElse(List.of()));
        resourceDelete.addAll(redact.remove().orElse(List.of()));
        hashed = Set.copyOf(redact.hash().orElse(List.of()));
        AttributeWriter set = new AttributeWriter().clear(AttributeView.OF_SPAN);
        attributes
                .span()
                .set()
                .forEach((key, value) ->
                        set.string(key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8)));
        spanSet = Arrays.copyOf(set.bytes(), set.length());
    }

    /** Whether a key, in UTF-8, is one that only we may write. */
    static boolean isClaim(byte[] bytes, int from, int to) {
        return to - from >= CLAIMS_UTF8.length
                && bytes[from] == CLAIMS_UTF8[0]
                && Arrays.equals(bytes, from, from + CLAIMS_UTF8.length, CLAIMS_UTF8, 0, CLAIMS_UTF8.length);
    }
}
