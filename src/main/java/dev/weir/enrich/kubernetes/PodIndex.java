package dev.weir.enrich.kubernetes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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

    /** Who lives and claims an address that more than one has claimed. Only the writer looks at it. */
    private final Map<String, List<Entry>> claimed = new HashMap<>();

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
            removeName(old);
            old.addresses.ips().forEach(ip -> release(ip, old));
        }
    }

    /** Forgets a pod, if it is known. */
    synchronized void remove(String uid) {
        Entry entry = byUid.remove(uid);
        if (entry == null) {
            return;
        }
        removeName(entry);
        entry.addresses.ips().forEach(ip -> release(ip, entry));
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

    /** Leaves alone what has taken its place. */
    private void removeName(Entry entry) {
        Map<String, Entry> names = byName.get(entry.pod.namespace());
        if (names != null && names.remove(entry.pod.name(), entry) && names.isEmpty()) {
            byName.remove(entry.pod.namespace());
        }
    }

    private void claim(String ip, Entry entry) {
        List<Entry> rivals = claimed.get(ip);
        Entry holder = byIp.get(ip);
        if (rivals == null) {
            if (holder == null || holder.isSamePod(entry)) {
                byIp.put(ip, entry);
                return;
            }
            rivals = new ArrayList<>(List.of(holder));
            claimed.put(ip, rivals);
        }
        rivals.removeIf(entry::isSamePod);
        rivals.add(entry);
        settle(ip, rivals);
    }

    private void settle(String ip, List<Entry> rivals) {
        long latest = rivals.stream()
                .mapToLong(rival -> rival.addresses.since())
                .max()
                .orElseThrow();
        List<Entry> last = rivals.stream()
                .filter(rival -> rival.addresses.since() == latest)
                .toList();
        Entry winner = last.size() == 1 && !last.getFirst().outbid ? last.getFirst() : null;
        rivals.forEach(rival -> rival.outbid |= rival != winner);
        if (winner == null) {
            byIp.remove(ip);
        } else {
            byIp.put(ip, winner);
        }
    }

    /** Leaves alone what has taken its place. */
    private void release(String ip, Entry entry) {
        byIp.remove(ip, entry);
        List<Entry> rivals = claimed.get(ip);
        if (rivals != null && rivals.remove(entry) && rivals.isEmpty()) {
            claimed.remove(ip);
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

        boolean isSamePod(Entry other) {
            return pod.uid().equals(other.pod.uid());
        }

        boolean had(long seen) {
            return seen >= addresses.since() && seen <= addresses.until();
        }
    }
}
