package dev.weir.enrich;

import dev.weir.enrich.ResourceEnricher.Enriched;
import dev.weir.enrich.envoy.ProxyResource;
import dev.weir.enrich.identity.Caller;
import dev.weir.enrich.identity.NodeId;
import dev.weir.enrich.identity.SpiffeId;
import dev.weir.enrich.kubernetes.Pod;
import dev.weir.otlp.AttributeSlots;
import dev.weir.otlp.AttributeView;
import dev.weir.otlp.AttributeView.ValueType;
import dev.weir.otlp.AttributeWriter;
import dev.weir.otlp.EditPlan;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a resource with what is known of its sender. What Weir knows, or was told by its operator, replaces what the sender
 * says under the same key; what is only the proxy's word is added where the sender says nothing. For one thread.
 */
final class ResourceWriter {

    private static final String NAMESPACE = "k8s.namespace.name";
    private static final byte[] MISMATCH = utf8(EnrichRules.MISMATCH);

    private final EnrichRules rules;
    private final AttributeSlots slots;
    private final AttributeEdits edits;
    private final AttributeWriter added = new AttributeWriter();
    private final EditPlan plan = new EditPlan();
    private final KeyedHash hash;

    ResourceWriter(EnrichRules rules) {
        this.rules = rules;
        hash = new KeyedHash(rules.hashKey);
        slots = new AttributeSlots(rules.keys);
        edits = new AttributeEdits(new QueryRedaction(rules.queryNames), hash);
    }

    /** @param isAnothers whether Kubernetes knows a pod that is claimed to be another's than the caller's */
    Enriched write(
            byte[] request,
            int from,
            int to,
            PodClaims claims,
            @Nullable Pod pod,
            boolean isAnothers,
            Caller caller,
            @Nullable String[] headers) {
        SpiffeId verified = caller.relay() ? null : caller.verified();
        Map<String, String> proxys =
                rules.translates ? ProxyResource.attributes(request, from, to, rules.unseen) : Map.of();
        SpiffeId workload = caller.workload();
        boolean mismatch = isAnothers
                || workload != null
                        && (claims.differsFrom(workload) || PodClaims.differs(proxys.get(NAMESPACE), workload));
        Map<String, String> ours = new LinkedHashMap<>();
        if (pod != null && !mismatch) {
            ours.putAll(pod.attributes());
        }
        if (verified != null) {
            identity(verified, ours);
        }
        rules.tags.putInto(ours, headers);
        ours.putAll(rules.resourceSet);
        Map<String, String> claimed = new LinkedHashMap<>();
        if (!mismatch) {
            claimed.putAll(proxys);
            proxy(claims.node(), claimed);
        }
        ours.keySet().removeAll(rules.resourceDelete);
        claimed.keySet().removeAll(rules.resourceDelete);

        plan.reset(request);
        edit(request, from, to, ours, claimed, caller.relay());
        added.clear(AttributeView.OF_RESOURCE);
        claimed.forEach(ours::putIfAbsent);
        ours.forEach(this::add);
        if (mismatch && !rules.resourceDelete.contains(EnrichRules.MISMATCH)) {
            added.bool(MISMATCH, true);
        }
        edits.writeInto(plan, from, to);
        plan.append(added.bytes(), 0, added.length());
        byte[] body = plan.build();
        return new Enriched(
                Arrays.equals(body, 0, body.length, request, from, to) ? null : body, mismatch, claims.sender(pod));
    }

    private static void identity(SpiffeId id, Map<String, String> into) {
        into.put("mesh.client.principal", id.uri());
        into.put("mesh.client.trust_domain", id.trustDomain());
        if (id.namespace() != null) {
            into.put("mesh.client.namespace", id.namespace());
        }
        if (id.serviceAccount() != null) {
            into.put("mesh.client.service_account", id.serviceAccount());
        }
    }

    private static void proxy(@Nullable NodeId node, Map<String, String> into) {
        if (node == null) {
            return;
        }
        into.put("k8s.pod.ip", node.ip());
        into.put("k8s.pod.name", node.pod());
        into.put(NAMESPACE, node.namespace());
        into.put("mesh.proxy.type", node.type());
    }

    /** Notes what becomes of the attributes that came, and takes out of the others what is there already. */
    private void edit(
            byte[] request, int from, int to, Map<String, String> ours, Map<String, String> claimed, boolean relay) {
        edits.clear(AttributeView.OF_RESOURCE);
        Set<String> there = new HashSet<>();
        slots.reset(request, from, to, AttributeView.OF_RESOURCE);
        while (slots.next()) {
            String key = text(request, slots.keyStart(), slots.keyEnd());
            boolean isSame = ours.containsKey(key)
                    && slots.value() == ValueType.STRING
                    && !rules.hashed.contains(key)
                    && text(request, slots.textStart(), slots.textEnd()).equals(ours.get(key));
            if (isSame) {
                ours.remove(key);
                claimed.remove(key); // or the proxy's word would be written beside it
                there.add(key);
            } else if (ours.containsKey(key) || there.contains(key) || rules.resourceDelete.contains(key)) {
                edits.cut(slots.fieldStart(), slots.fieldEnd());
            } else {
                edits.apply(rules.itemActions, request, slots, relay);
                if (relay || !key.startsWith(EnrichRules.CLAIMS)) {
                    claimed.remove(key);
                }
            }
        }
    }

    private void add(String key, String value) {
        byte[] text = utf8(value);
        added.string(utf8(key), rules.hashed.contains(key) ? hash.of(text, 0, text.length) : text);
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
