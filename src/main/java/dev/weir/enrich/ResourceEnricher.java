package dev.weir.enrich;

import dev.weir.enrich.identity.Caller;
import dev.weir.enrich.identity.SpiffeId;
import dev.weir.enrich.kubernetes.Pod;
import dev.weir.enrich.kubernetes.Pods;
import dev.weir.enrich.senders.SenderKey;
import dev.weir.otlp.ByteHash;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Makes the resource that goes on of the one that came. Senders send the same resource again and again, so the answers are
 * remembered: by the resource's bytes, the proxy that it came from, the caller and the headers that are made into attributes;
 * and as long as Kubernetes has the same to say of the pod. For one thread.
 */
final class ResourceEnricher {

    /** A longer one is made anew each time. */
    private static final int MOST_BYTES = 4096;

    private static final int MOST_ENTRIES = 1024;
    private static final int MOST_REMEMBERED = 2 << 20;

    private final Pods pods;
    private final ResourceWriter writer;
    private final Entry[] entries = new Entry[MOST_ENTRIES];
    private final long key = ThreadLocalRandom.current().nextLong();
    private int remembered;

    ResourceEnricher(EnrichRules rules, Pods pods) {
        this.pods = pods;
        this.writer = new ResourceWriter(rules);
    }

    /**
     * @param request in which the resource's body is from {@code from} to {@code to}; empty when it came without one
     * @param node in which the proxy's node id is from {@code nodeFrom} to {@code nodeTo}; empty when there is none
     * @param headers what the request's headers say for custom tags
     * @param seenEpochNanos when what the resource describes was seen
     */
    Enriched enrich(
            byte[] request,
            int from,
            int to,
            byte[] node,
            int nodeFrom,
            int nodeTo,
            Caller caller,
            @Nullable String[] headers,
            long seenEpochNanos) {
        long hash = ByteHash.of(ByteHash.of(key, request, from, to), node, nodeFrom, nodeTo) ^ caller.hashCode();
        int slot = (int) (hash >>> 32) & MOST_ENTRIES - 1;
        Entry entry = entries[slot];
        boolean isKnown = entry != null
                && entry.hash == hash
                && Arrays.equals(entry.resource, 0, entry.resource.length, request, from, to)
                && Arrays.equals(entry.node, 0, entry.node.length, node, nodeFrom, nodeTo)
                && (entry.caller == caller || entry.caller.equals(caller))
                && Arrays.equals(entry.headers, headers);
        PodClaims claims =
                isKnown ? entry.claims : PodClaims.of(request, from, to, node, nodeFrom, nodeTo, caller.relay());
        Pod named = claims.named(pods, seenEpochNanos);
        Pod pod = claims.pod(named, pods, seenEpochNanos);
        SpiffeId workload = caller.workload();
        boolean isAnothers = workload != null && claims.isOfAnother(workload, named, pods, seenEpochNanos);
        if (isKnown && isAnothers == entry.isAnothers && (pod == entry.pod || pod != null && pod.equals(entry.pod))) {
            return entry.enriched;
        }
        Enriched enriched = writer.write(request, from, to, claims, pod, isAnothers, caller, headers);
        if (to - from <= MOST_BYTES && enriched.length() <= MOST_BYTES) {
            remember(
                    slot,
                    new Entry(
                            hash,
                            Arrays.copyOfRange(request, from, to),
                            Arrays.copyOfRange(node, nodeFrom, nodeTo),
                            caller,
                            headers,
                            claims,
                            pod,
                            isAnothers,
                            enriched));
        }
        return enriched;
    }

    /** Whether the node id that lies there names a pod that cannot be the verified caller's. */
    boolean isOfAnother(byte[] request, int from, int to, Caller caller, long seenEpochNanos) {
        SpiffeId workload = caller.workload();
        if (workload == null) {
            return false;
        }
        PodClaims claims = PodClaims.of(request, 0, 0, request, from, to, false);
        Pod named = claims.named(pods, seenEpochNanos);
        return claims.differsFrom(workload) || claims.isOfAnother(workload, named, pods, seenEpochNanos);
    }

    private void remember(int slot, Entry entry) {
        Entry old = entries[slot];
        remembered += entry.bytes() - (old == null ? 0 : old.bytes());
        if (remembered > MOST_REMEMBERED) {
            Arrays.fill(entries, null);
            remembered = entry.bytes();
        }
        entries[slot] = entry;
    }

    /**
     * A resource as it goes on.
     *
     * @param body null when it goes on as it came
     * @param mismatch whether its sender claims to be another than it is
     * @param sender by what the resource says; null when it says nothing
     */
    record Enriched(
            byte @Nullable [] body,
            boolean mismatch,
            @Nullable SenderKey sender) {

        int length() {
            return body == null ? 0 : body.length;
        }
    }

    private record Entry(
            long hash,
            byte[] resource,
            byte[] node,
            Caller caller,
            @Nullable String[] headers,
            PodClaims claims,
            @Nullable Pod pod,
            boolean isAnothers,
            Enriched enriched) {

        int bytes() {
            int text = 0;
            for (String header : headers) {
                text += header == null ? 0 : header.length();
            }
            return resource.length + node.length + enriched.length() + text + 256;
        }
    }
}
