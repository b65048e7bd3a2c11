package dev.weir.enrich;

import dev.weir.enrich.identity.NodeId;
import dev.weir.enrich.identity.SpiffeId;
import dev.weir.enrich.kubernetes.Pod;
import dev.weir.enrich.kubernetes.Pods;
import dev.weir.enrich.senders.SenderKey;
import dev.weir.otlp.AttributeView;
import dev.weir.otlp.AttributeView.ValueType;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The pod that a resource says it is of: the proxy's node id, else the resource's own attributes. A claim.
 *
 * @param node what a proxy says of itself; then the rest is from it, but the service
 * @param service the name of the service
 * @param beside what the resource says of a pod beside the node id; null when it says nothing, or there is no node id
 * @param contradicts whether the resource says two things under one key
 */
record PodClaims(
        @Nullable NodeId node,
        @Nullable String uid,
        @Nullable String namespace,
        @Nullable String name,
        @Nullable String ip,
        @Nullable String service,
        @Nullable PodClaims beside,
        boolean contradicts) {

    private static final byte[][] KEYS = {
        ascii("k8s.pod.uid"), ascii("k8s.namespace.name"), ascii("k8s.pod.name"), ascii("k8s.pod.ip")
    };

    private static final byte[] SERVICE = ascii("service.name");
    /** Of Envoy's access logs, with built-in labels. */
    private static final byte[] NODE_NAME = ascii("node_name");

    private static final byte[] LOG_NAME = ascii("log_name");

    /** Longer texts name no pod. */
    private static final int MOST_LENGTH = 253;

    /**
     * @param request in which the resource's body is from {@code from} to {@code to}
     * @param nodeIds in which a node id is from {@code nodeFrom} to {@code nodeTo}
     * @param relayed whether another brought it, of whom nothing is to be read out of the node id
     */
    static PodClaims of(byte[] request, int from, int to, byte[] nodeIds, int nodeFrom, int nodeTo, boolean relayed) {
        NodeId node = relayed || nodeFrom == nodeTo ? null : NodeId.parse(nodeIds, nodeFrom, nodeTo);
        @Nullable String[] said = new String[KEYS.length];
        String service = null;
        NodeId logsNode = null;
        boolean isAccessLog = false;
        boolean contradicts = false;
        AttributeView attribute = new AttributeView().reset(request, from, to, AttributeView.OF_RESOURCE);
        while (attribute.next()) {
            if (attribute.valueType() != ValueType.STRING) {
                continue;
            }
            if (attribute.keyEquals(SERVICE)) {
                service = text(attribute);
            } else if (attribute.keyEquals(NODE_NAME)) {
                NodeId other = NodeId.parse(request, attribute.valueStart(), attribute.valueEnd());
                contradicts |= logsNode != null && !logsNode.equals(other);
                logsNode = other;
            } else if (attribute.keyEquals(LOG_NAME)) {
                isAccessLog = true;
            }
            for (int i = 0; i < KEYS.length; i++) {
                if (attribute.keyEquals(KEYS[i])) {
                    String text = text(attribute);
                    contradicts |= said[i] != null && !said[i].equals(text);
                    said[i] = text;
                }
            }
        }
        if (node == null && isAccessLog && !relayed) {
            node = logsNode;
        }
        if (node == null) {
            return new PodClaims(null, said[0], said[1], said[2], said[3], service, null, contradicts);
        }
        boolean isSilent = said[0] == null && said[1] == null && said[2] == null && said[3] == null;
        String namespace = said[1] == null ? node.namespace() : said[1];
        PodClaims beside =
                isSilent ? null : new PodClaims(null, said[0], namespace, said[2], said[3], service, null, contradicts);
        return new PodClaims(node, null, node.namespace(), node.pod(), node.ip(), service, beside, contradicts);
    }

    private static @Nullable String text(AttributeView attribute) {
        int length = attribute.valueEnd() - attribute.valueStart();
        return length == 0 || length > MOST_LENGTH ? null : attribute.stringValue();
    }

    /** The sender by what is claimed; null when nothing is. @param pod as Kubernetes knows it */
    @Nullable
    SenderKey sender(@Nullable Pod pod) {
        return pod == null
                ? SenderKey.claimed(namespace, name, service)
                : SenderKey.claimed(pod.namespace(), pod.name(), service);
    }

    /** What Kubernetes knows by the first of uid, name and address that is claimed; null when it knows nothing. */
    @Nullable
    Pod named(Pods pods, long seenEpochNanos) {
        if (uid != null) {
            return pods.byUid(uid);
        }
        if (namespace != null && name != null) {
            return pods.byName(namespace, name);
        }
        return ip == null ? null : pods.byIp(ip, seenEpochNanos);
    }

    /** The pod, when it is as claimed in every point. @param named what is known by the first of them */
    @Nullable
    Pod pod(@Nullable Pod named, Pods pods, long seenEpochNanos) {
        boolean isAsClaimed = named != null
                && !(contradicts && node == null)
                && agrees(namespace, named.namespace())
                && agrees(name, named.name())
                && (named.ip() == null || agrees(ip, named.ip()) || hasSecond(named, pods, seenEpochNanos));
        return isAsClaimed ? named : null;
    }

    /** Whether a pod that is claimed is another workload's. @param named what is known by the first claim */
    boolean isOfAnother(SpiffeId workload, @Nullable Pod named, Pods pods, long seenEpochNanos) {
        if (isOfAnother(workload, named)) {
            return true;
        }
        if (uid != null && namespace != null && name != null) {
            boolean isSame = named != null
                    && named.namespace().equals(namespace)
                    && named.name().equals(name);
            if (!isSame && isOfAnother(workload, pods.byName(namespace, name))) {
                return true;
            }
        }
        return beside != null && beside.isOfAnother(workload, beside.named(pods, seenEpochNanos), pods, seenEpochNanos);
    }

    private static boolean isOfAnother(SpiffeId workload, @Nullable Pod pod) {
        if (pod == null) {
            return false;
        }
        String account = pod.serviceAccount();
        return !agrees(workload.namespace(), pod.namespace())
                || account != null && !agrees(workload.serviceAccount(), account);
    }

    /** Whether a namespace that is claimed, or two things at once, cannot be this workload's. */
    boolean differsFrom(SpiffeId workload) {
        return contradicts || differs(namespace, workload) || beside != null && differs(beside.namespace, workload);
    }

    /** Whether a workload is known to be in another namespace than is claimed. */
    static boolean differs(@Nullable String namespace, SpiffeId workload) {
        return namespace != null && !agrees(workload.namespace(), namespace);
    }

    /** Whether the address that is claimed is the pod's, if not its first. */
    private boolean hasSecond(Pod pod, Pods pods, long seenEpochNanos) {
        Pod holder = ip == null ? null : pods.byIp(ip, seenEpochNanos);
        return holder != null && holder.uid().equals(pod.uid());
    }

    private static boolean agrees(@Nullable String claimed, String known) {
        return claimed == null || claimed.equals(known);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
