package dev.weir.enrich.kubernetes;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The living pods by uid, by namespace and name, and by address. One thread writes at a time; any number read meanwhile, and each
 * sees a pod as it was or as it is.
 *
 * <p>An address is given to the next pod before the API says that the last one is gone, and a list names pods in no order. So of
 * two that claim one the pod that had it later has it, and the other never again; when that cannot be told, neither.
 */
final class PodIndex implements Pods {

    private final int most;
    private final Map<String, Entry> byUid = new ConcurrentHashMap<>();
    private final Map<String, Map<String, Entry>> byName = new ConcurrentHashMap<>();
    private final Map<String, Entry> byIp = new ConcurrentHashMap<>();
    private volatile long currentUntil = Long.MIN_VALUE;
    private volatile long ignored;

    /** @param most pods that are kept; what is said of further ones is not looked at */
    PodIndex(int most) {
        this.most = most;
    }

    @Override
    public @Nullable Pod byUid(String uid) {
        return pod(byUid.get(uid));
    }

    @Override
    public @Nullable Pod byName(String namespace, String name) {
        Map<String, Entry> names = byName.get(namespace);
        return names == null ? null : pod(names.get(name));
    }

    @Override
    public @Nullable Pod byIp(String ip, long seenEpochNanos) {
        Entry entry = byIp.get(ip);
        return entry != null && entry.had(seenEpochNanos) && seenEpochNanos <= currentUntil ? entry.pod : null;
    }

    /** Since when nothing is known of addresses, in nanoseconds since 1970; {@link Long#MAX_VALUE} while the watch runs. */
    void currentUntil(long epochNanos) {
        currentUntil = epochNanos;
    }

    /** Takes in a pod, new or changed. */
    synchronized void put(PodFacts facts) {
        String uid = facts.pod().uid();
        Entry old = byUid.get(uid);
        if (old == null && byUid.size() >= most) {
            ignored = ignored + 1;
            return;
        }
        Entry entry = new Entry(facts, old);
        byUid.put(uid, entry);
        Pod pod = facts.pod();
        byName.computeIfAbsent(pod.namespace(), namespace -> new ConcurrentHashMap<>())
                .put(pod.name(), entry);
        facts.addresses().ips().forEach(ip -> claim(ip, entry));
        if (old != null) {
            for (String ip : old.addresses.ips()) {
                byIp.remove(ip, old); // where the new one took its place there is nothing to remove
            }
        }
    }

    /** Forgets a pod, if it is known. */
    synchronized void remove(String uid) {
        Entry entry = byUid.remove(uid);
        if (entry == null) {
            return;
        }
        Map<String, Entry> names = byName.get(entry.pod.namespace());
        if (names != null) {
            names.remove(entry.pod.name(), entry);
            if (names.isEmpty()) {
                byName.remove(entry.pod.namespace());
            }
        }
        entry.addresses.ips().forEach(ip -> byIp.remove(ip, entry));
    }

    int size() {
        return byUid.size();
    }

    int most() {
        return most;
    }

    /** How often something was said of a pod for which there is no room. */
    long ignored() {
        return ignored;
    }

    boolean contains(String uid) {
        return byUid.containsKey(uid);
    }

    Stream<String> uids() {
        return byUid.keySet().stream();
    }

    private void claim(String ip, Entry entry) {
        Entry holder = byIp.get(ip);
        if (entry.outbid) {
            return;
        }
        if (holder == null || holder.pod.uid().equals(entry.pod.uid())) {
            byIp.put(ip, entry);
            return;
        }
        int later = Long.compare(entry.addresses.since(), holder.addresses.since());
        if (later > 0) {
            holder.outbid = true;
            byIp.put(ip, entry);
        } else {
            entry.outbid = true;
            if (later == 0) {
                holder.outbid = true;
                byIp.remove(ip, holder);
            }
        }
    }

    private static @Nullable Pod pod(@Nullable Entry entry) {
        return entry == null ? null : entry.pod;
    }

    private static final class Entry {

        private final Pod pod;
        private final Addresses addresses;

        /** Another pod has had an address of it since. Only the writer looks at it. */
        private boolean outbid;

        /** @param old what was known of the same pod; null when nothing was */
        Entry(PodFacts facts, @Nullable Entry old) {
            pod = facts.pod();
            addresses = facts.addresses();
            outbid = old != null
                    && old.outbid
                    && old.addresses.since() == addresses.since()
                    && old.addresses.ips().equals(addresses.ips());
        }

        boolean had(long seen) {
            return seen >= addresses.since() && seen <= addresses.until();
        }
    }
}
