package dev.weir.enrich.identity;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Verified callers by the text that names them. A sender may vary what stands before its proxy's element, but not who it is; so
 * when the room is used up, the identity that holds the most gives up its oldest: whoever floods it pushes out only itself. What
 * is refused is not kept.
 */
final class CallerCache {

    /** Longer texts are read again each time. An ordinary one has about 250 characters. */
    static final int MOST_LENGTH = 1024;

    private final int most;
    private final Map<String, Caller> byText = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    /** Texts by identity, oldest first; under the lock. */
    private final Map<String, Queue<String>> shares = new HashMap<>();

    /** @param most texts, of {@value #MOST_LENGTH} characters each at most */
    CallerCache(int most) {
        this.most = most;
    }

    @Nullable
    Caller get(String text) {
        return byText.get(text);
    }

    /** Keeps it, unless somebody else is just keeping something. */
    void put(String text, Caller caller) {
        SpiffeId id = caller.verified();
        if (id == null || text.length() > MOST_LENGTH || !lock.tryLock()) {
            return;
        }
        try {
            if (byText.putIfAbsent(text, caller) == null) {
                Queue<String> own = shares.computeIfAbsent(id.uri(), uri -> new ArrayDeque<>());
                own.add(text);
                while (byText.size() > most) {
                    removeOne(id.uri(), own);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    int size() {
        return byText.size();
    }

    private void removeOne(String uri, Queue<String> own) {
        String from = uri;
        Queue<String> share = own;
        // One that holds more than its part need not be compared with all the others.
        if ((long) own.size() * shares.size() <= most) {
            var largest = shares.entrySet().stream()
                    .max(Comparator.comparingInt(entry -> entry.getValue().size()))
                    .orElseThrow();
            from = largest.getKey();
            share = largest.getValue();
        }
        byText.remove(share.remove());
        if (share.isEmpty()) {
            shares.remove(from);
        }
    }
}
