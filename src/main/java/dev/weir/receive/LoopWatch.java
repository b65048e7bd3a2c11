package dev.weir.receive;

import dev.weir.pipeline.EventLog;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The time limits of one event loop's requests and connections: looked at every {@link #PERIOD_MILLIS} ms, because a
 * timer for each request would cost more than the request. Only for its loop's thread.
 */
final class LoopWatch {

    static final int PERIOD_MILLIS = 100;

    private static final Logger LOG = Logger.getLogger(LoopWatch.class);
    private static final EventLog BUGS = new EventLog(LOG);

    private final EventExecutor loop;
    private @Nullable Entry first;
    private boolean scheduled;

    LoopWatch(EventExecutor loop) {
        this.loop = loop;
    }

    EventExecutor loop() {
        return loop;
    }

    Entry add(Watched watched) {
        Entry entry = new Entry(watched);
        entry.next = first;
        if (first != null) {
            first.previous = entry;
        }
        first = entry;
        if (!scheduled) {
            scheduled = true;
            schedule();
        }
        return entry;
    }

    void remove(Entry entry) {
        if (entry.removed) {
            return;
        }
        entry.removed = true;
        if (entry.previous == null) {
            first = entry.next;
        } else {
            entry.previous.next = entry.next;
        }
        if (entry.next != null) {
            entry.next.previous = entry.previous;
        }
    }

    private void schedule() {
        var unused = loop.schedule(this::look, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        long now = System.nanoTime();
        Entry entry = first;
        while (entry != null) {
            // taken before the call: it may remove its own entry
            Entry next = entry.next;
            if (!entry.removed) {
                lookAt(entry, now);
            }
            entry = next;
        }
        if (first == null) {
            scheduled = false;
        } else {
            schedule();
        }
    }

    /** One bug must not end the time limits of all the others; it may come back at each look. */
    private static void lookAt(Entry entry, long now) {
        try {
            entry.watched.look(now);
        } catch (RuntimeException | Error e) {
            BUGS.warn(e.getClass().getName(), "a bug: a time limit could not be kept: " + e);
            LOG.debug("a time limit could not be kept", e);
        }
    }

    /** Something with a time limit. */
    interface Watched {
        /** @param now {@link System#nanoTime()} */
        void look(long now);
    }

    /** A place in the list. */
    static final class Entry {
        private final Watched watched;
        private @Nullable Entry previous;
        private @Nullable Entry next;
        private boolean removed;

        private Entry(Watched watched) {
            this.watched = watched;
        }
    }
}
