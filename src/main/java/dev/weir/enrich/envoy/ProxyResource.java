package dev.weir.enrich.envoy;

import dev.weir.otlp.AttributeView;
import dev.weir.otlp.AttributeView.ValueType;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What proxies say in the resources of their telemetry, in words of their own: Envoy's access logs with built-in labels, and
 * Linkerd's spans, whose resource has the labels of the pod. Envoy's spans and statistics say nothing there. All of it is the
 * sender's claim; it allocates, a resource is to be asked for once.
 *
 * <p>Left alone is what is not certain: {@code cluster_name} is what Envoy was told that it is, {@code host.name} is the
 * pod's name only where nobody set another.
 */
public final class ProxyResource {

    /** Present in what Envoy's access log writes of itself, together with {@link #NODE_NAME}. */
    private static final String LOG_NAME = "log_name";

    private static final String NODE_NAME = "node_name";

    /** The injector puts it on every pod that has a proxy. */
    private static final String LINKERD = "linkerd.io/control-plane-ns";

    static final Map<String, String> ENVOY_ACCESS_LOG = Map.of("zone_name", "cloud.availability_zone");

    static final Map<String, String> LINKERD_SPANS = Map.of(
            "linkerd.io/workload-ns", "k8s.namespace.name",
            "linkerd.io/proxy-deployment", "k8s.deployment.name",
            "linkerd.io/proxy-statefulset", "k8s.statefulset.name",
            "linkerd.io/proxy-daemonset", "k8s.daemonset.name",
            "linkerd.io/proxy-job", "k8s.job.name",
            "linkerd.io/proxy-cronjob", "k8s.cronjob.name");

    private static final Set<String> KNOWN = known();

    /** A label of Kubernetes, and a zone, are shorter. */
    private static final int LONGEST = 253;

    private ProxyResource() {}

    /**
     * The attributes that are to be added to a resource: those that it does not have. Empty when it is not a proxy's.
     *
     * @param request in which the resource's body is from {@code from} to {@code to}
     * @param unseen keys of which nothing is made
     */
    public static Map<String, String> attributes(byte[] request, int from, int to, Set<String> unseen) {
        Map<String, String> added = new LinkedHashMap<>();
        Set<String> present = new HashSet<>();
        AttributeView attribute = new AttributeView().reset(request, from, to, AttributeView.OF_RESOURCE);
        while (attribute.next()) {
            int size = attribute.keyEnd() - attribute.keyStart();
            if (size > 0 && size <= LONGEST) {
                String key = attribute.key();
                if (KNOWN.contains(key)) { // a sender may have millions of others
                    present.add(key);
                }
            }
        }
        Map<String, String> table = table(present);
        attribute.reset(request, from, to, AttributeView.OF_RESOURCE);
        while (!table.isEmpty() && attribute.next()) {
            int size = attribute.keyEnd() - attribute.keyStart();
            String key = size > 0 && size <= LONGEST ? attribute.key() : "";
            String convention = unseen.contains(key) ? null : table.get(key);
            if (convention != null && !present.contains(convention) && isSaid(request, attribute)) {
                added.put(convention, attribute.stringValue());
            }
        }
        return added;
    }

    /** All keys that are looked for. */
    private static Set<String> known() {
        Set<String> keys = new HashSet<>(Set.of(LOG_NAME, NODE_NAME, LINKERD));
        keys.addAll(ENVOY_ACCESS_LOG.values());
        keys.addAll(LINKERD_SPANS.values());
        return Set.copyOf(keys);
    }

    private static Map<String, String> table(Set<String> present) {
        if (present.contains(LOG_NAME) && present.contains(NODE_NAME)) {
            return ENVOY_ACCESS_LOG;
        }
        return present.contains(LINKERD) ? LINKERD_SPANS : Map.of();
    }

    private static boolean isSaid(byte[] request, AttributeView attribute) {
        return attribute.valueType() == ValueType.STRING
                && attribute.valueEnd() - attribute.valueStart() <= LONGEST
                && !Texts.isAbsent(request, attribute.valueStart(), attribute.valueEnd());
    }
}
