package dev.weir.pipeline;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * One line an event, repeated ones summarised: the first of a kind is logged at once, those that follow are counted and
 * logged as one line with their number, at most one line a kind and interval. Any thread.
 */
public final class EventLog {

    /** Kinds beyond this many share one, so that a sender who can make up kinds cannot use up memory. */
    static final int MAX_KEYS = 256;

    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final String OTHERS = "(others)";

    private final Consumer<String> sink;
    private final LongSupplier nanoTime;
    private final long intervalNanos;
    private final Map<String, Repeats> kinds = new LinkedHashMap<>();

    /** Warns through the logger, with half a minute between two lines of a kind. */
    public EventLog(Logger logger) {
        this(logger::warn, System::nanoTime, INTERVAL);
    }

    /**
     * @param sink takes the lines
     * @param nanoTime a monotonic clock
     * @param interval the least time between two lines of a kind
     */
    public EventLog(Consumer<String> sink, LongSupplier nanoTime, Duration interval) {
        this.sink = sink;
        this.nanoTime = nanoTime;
        this.intervalNanos = interval.toNanos();
    }

    /**
     * @param key the kind of event; events with the same key are the same to the reader of a log
     * @param message a sentence about this one
     */
    public void warn(String key, String message) {
        String line;
        synchronized (kinds) {
            String known = kinds.containsKey(key) || kinds.size() < MAX_KEYS ? key : OTHERS;
            long now = nanoTime.getAsLong();
            Repeats repeats = kinds.get(known);
            if (repeats == null) {
                kinds.put(known, new Repeats(now));
                line = message;
            } else {
                repeats.count++;
                repeats.last = message;
                if (now - repeats.loggedAt < intervalNanos) {
                    return;
                }
                line = repeats.summary(now);
            }
        }
        sink.accept(line);
    }

    /** Logs the counts whose interval is over. To be called now and then, so that the last of a series is not lost. */
    public void summarise() {
        long now = nanoTime.getAsLong();
        StringBuilder lines = new StringBuilder();
        synchronized (kinds) {
            kinds.values().removeIf(repeats -> {
                if (now - repeats.loggedAt < intervalNanos) {
                    return false;
                }
                if (repeats.count == 0) {
                    return true; // quiet for a whole interval: the next one is news again
                }
                lines.append(repeats.summary(now)).append('\n');
                return false;
            });
        }
        lines.toString().lines().forEach(sink);
    }

    private static final class Repeats {
        private long loggedAt;
        private long count;
        private String last = "";

        Repeats(long loggedAt) {
            this.loggedAt = loggedAt;
        }

        String summary(long now) {
            long seconds = Duration.ofNanos(now - loggedAt).toSeconds();
            String line = count == 1 ? last : last + " (" + count + " times in " + seconds + " s)";
            loggedAt = now;
            count = 0;
            return line;
        }
    }
}
