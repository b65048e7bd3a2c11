package dev.weir.enrich;

import dev.weir.enrich.identity.NodeId;
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
 */
record PodClaims(
        @Nullable NodeId node,
        @Nullable String uid,
        @Nullable String namespace,
        @Nullable String name,
        @Nullable String ip,
        @Nullable String service) {

    private static final byte[] UID = ascii("k8s.pod.uid");
    private static final byte[] NAMESPACE = ascii("k8s.namespace.name");
    private static final byte[] NAME = ascii("k8s.pod.name");
    private static final byte[] IP = ascii("k8s.pod.ip");
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
        String uid = null;
        String namespace = null;
        String name = null;
        String ip = null;
        String service = null;
        NodeId logsNode = null;
        boolean isAccessLog = false;
        AttributeView attribute = new AttributeView().reset(request, from, to, AttributeView.OF_RESOURCE);
        while (attribute.next()) {
            if (attribute.valueType() != ValueType.STRING) {
                continue;
            }
            if (attribute.keyEquals(UID)) {
                uid = text(attribute);
            } else if (attribute.keyEquals(NAMESPACE)) {
                namespace = text(attribute);
            } else if (attribute.keyEquals(NAME)) {
                name = text(attribute);
            } else if (attribute.keyEquals(IP)) {
                ip = text(attribute);
            } else if (attribute.keyEquals(SERVICE)) {
                service = text(attribute);
            } else if (attribute.keyEquals(NODE_NAME)) {
                logsNode = NodeId.parse(request, attribute.valueStart(), attribute.valueEnd());
            } else if (attribute.keyEquals(LOG_NAME)) {
                isAccessLog = true;
            }
        }
        if (node == null && isAccessLog && !relayed) {
            node = logsNode;
        }
        return node == null
                ? new PodClaims(null, uid, namespace, name, ip, service)
                : new PodClaims(node, null, node.namespace(), node.pod(), node.ip(), service);
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

    /** The pod, when Kubernetes knows one that is as claimed in every point. */
    @Nullable
    Pod pod(Pods pods, long seenEpochNanos) {
        Pod pod = null;
        if (uid != null) {
            pod = pods.byUid(uid);
        } else if (namespace != null && name != null) {
            pod = pods.byName(namespace, name);
        } else if (ip != null) {
            pod = pods.byIp(ip, seenEpochNanos);
        }
        boolean isAsClaimed = pod != null
                && agrees(namespace, pod.namespace())
                && agrees(name, pod.name())
                && (pod.ip() == null || agrees(ip, pod.ip()) || hasSecond(pod, pods, seenEpochNanos));
        return isAsClaimed ? pod : null;
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
