package dev.weir.enrich.kubernetes;

import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Stands where the informer would keep whole pods: hands them to the index, keyed by uid, and keeps nothing. */
final class PodStore implements ItemStore<WatchedPod> {

    private final PodIndex index;

    PodStore(PodIndex index) {
        this.index = index;
    }

    @Override
    public String getKey(WatchedPod pod) {
        return pod.getMetadata().getUid();
    }

    /** Null, always: nobody asks the informer what was before. */
    @Override
    @SuppressWarnings("NullAway")
    public @Nullable WatchedPod put(String uid, WatchedPod pod) {
        PodFacts facts = pod.facts();
        if (facts != null) {
            index.put(facts);
        }
        return null;
    }

    @Override
    @SuppressWarnings("NullAway")
    public @Nullable WatchedPod remove(String uid) {
        index.remove(uid);
        return null;
    }

    @Override
    public Stream<String> keySet() {
        return index.uids();
    }

    @Override
    public Stream<WatchedPod> values() {
        return index.uids().map(PodStore::named);
    }

    @Override
    public int size() {
        return index.size();
    }

    @Override
    public @Nullable WatchedPod get(String uid) {
        return index.contains(uid) ? named(uid) : null;
    }

    /** Otherwise the informer would keep a list of what it has yet to tell of. */
    @Override
    public boolean isFullState() {
        return false;
    }

    private static WatchedPod named(String uid) {
        return new WatchedPod(uid, "", null);
    }
}
