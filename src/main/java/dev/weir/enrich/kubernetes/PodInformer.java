package dev.weir.enrich.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.function.Consumer;

/** One list of all pods and the watches after it, with a client of its own; comes again by itself after what it is told of. */
final class PodInformer implements AutoCloseable {

    private static final long PAGE = 500;

    private final ApiServer server;
    private final SharedIndexInformer<WatchedPod> informer;
    private volatile boolean closed;

    /**
     * Begins to list, and returns at once.
     *
     * @param failed told what the API server refused, or why it was not reached; on any thread
     */
    PodInformer(Config config, PodJson json, PodIndex index, Consumer<Throwable> failed) {
        server = new ApiServer(config, json.serialization());
        try {
            informer = server.client()
                    .resources(WatchedPod.class, WatchedPods.class)
                    .inAnyNamespace()
                    .withLimit(PAGE)
                    .runnableInformer(0)
                    .removeIndexer(Cache.NAMESPACE_INDEX)
                    .itemStore(new PodStore(index))
                    .exceptionHandler((wasSynced, failure) -> {
                        if (!closed) {
                            failed.accept(failure);
                        }
                        return !closed;
                    });
            var unused = informer.start();
        } catch (RuntimeException | LinkageError e) {
            server.close();
            throw e;
        }
    }

    /** Whether a watch is open; it is not for a second or two each time that the client makes it anew. */
    boolean isWatching() {
        return informer.isWatching();
    }

    @Override
    public void close() {
        closed = true;
        informer.stop();
        server.close();
    }
}
