package dev.weir.sample.tail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Rules read from a file, and read again when its content changes. The new ones take the place of the old at once and as a
 * whole; a content with faults changes nothing, and is reported until it is mended. Any thread.
 *
 * <p>The content is compared, not times or links: a mounted ConfigMap is swapped by a link, a renamed file has another
 * identity, and times may go back. A content counts when it was there twice in a row, because half a file of policies may
 * be without faults too.
 *
 * @param <R> the rules; immutable
 */
public final class PolicyFile<R> implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger("weir.policies");
    private static final Duration PERIOD = Duration.ofMillis(500);
    private static final long MAX_BYTES = 4 << 20;
    private static final int MOST_LOGGED = 10;

    /** Makes rules of a text. */
    public interface Reading<R> {
        /**
         * @param previous the rules that are in use; null the first time
         * @return the new rules, or {@code previous} when they are the same
         */
        R read(String yaml, @Nullable R previous) throws FaultyPoliciesException;
    }

    private final Path file;
    private final Reading<R> reading;
    private final ScheduledExecutorService reader;
    /** The content that was used or refused last. */
    private String tried;

    private List<String> triedFaults = List.of();
    private boolean triedPoliciesFaulty;
    /** What the last look found. */
    private String seen;

    private volatile R current;
    private volatile List<String> faults = List.of();
    private volatile boolean arePoliciesFaulty;
    private volatile long reloads;
    private volatile long failures;

    /** @throws FaultyPoliciesException when there are no rules to begin with */
    public PolicyFile(Path file, Reading<R> reading) throws FaultyPoliciesException {
        this(file, reading, PERIOD);
    }

    PolicyFile(Path file, Reading<R> reading, Duration period) throws FaultyPoliciesException {
        this.file = file;
        this.reading = reading;
        tried = content();
        seen = tried;
        current = reading.read(tried, null);
        reader = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "weir-policies");
            thread.setDaemon(true);
            return thread;
        });
        reader.scheduleWithFixedDelay(() -> look(true), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The rules in use. */
    public R current() {
        return current;
    }

    /** What is wrong with the file as it is now, one sentence each; empty when its rules are those in use. */
    public List<String> faults() {
        return faults;
    }

    /** Whether those {@link #faults} are of the policies, and not only of what stands beside them in the file. */
    public boolean arePoliciesFaulty() {
        return arePoliciesFaulty;
    }

    /** How often new rules took the place of others. */
    public long reloads() {
        return reloads;
    }

    /** How often a content was refused. */
    public long failures() {
        return failures;
    }

    /**
     * Reads the file now, without waiting whether its content stays.
     *
     * @return what is wrong with it; empty when its rules are in use
     */
    public synchronized List<String> reload() {
        look(false);
        return faults;
    }

    @Override
    public void close() {
        reader.shutdownNow();
    }

    private synchronized void look(boolean mustStay) {
        String content;
        try {
            content = content();
        } catch (FaultyPoliciesException e) {
            report(e.faults(), true);
            return;
        }
        boolean stays = content.equals(seen);
        seen = content;
        if (stays || !mustStay) {
            boolean isAskedAgain = !mustStay && !triedFaults.isEmpty(); // it may be a file beside it that was mended
            if (!content.equals(tried) || isAskedAgain) {
                triedFaults = use(content);
                tried = content;
            }
            report(triedFaults, triedPoliciesFaulty);
        }
    }

    private List<String> use(String content) {
        triedPoliciesFaulty = false;
        try {
            R next = reading.read(content, current);
            if (next != current) {
                current = next;
                reloads++;
                LOG.infof("the policies in %s have changed and are in use", file);
            }
            return List.of();
        } catch (FaultyPoliciesException e) {
            triedPoliciesFaulty = e.arePoliciesFaulty();
            return e.faults();
        } catch (RuntimeException | StackOverflowError e) {
            triedPoliciesFaulty = true;
            return List.of("cannot be read: " + e); // whatever it is, the old ones stay and the next are tried
        }
    }

    private void report(List<String> newFaults, boolean ofPolicies) {
        arePoliciesFaulty = ofPolicies;
        if (newFaults.equals(faults)) {
            return;
        }
        faults = newFaults;
        if (newFaults.isEmpty()) {
            return;
        }
        failures++;
        LOG.warnf(
                "%s cannot be used, nothing changes: %s%s",
                file,
                String.join("; ", newFaults.subList(0, Math.min(newFaults.size(), MOST_LOGGED))),
                newFaults.size() > MOST_LOGGED ? "; and " + (newFaults.size() - MOST_LOGGED) + " more" : "");
    }

    private String content() throws FaultyPoliciesException {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new FaultyPoliciesException(List.of("the file is over 4 MiB"));
            }
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new FaultyPoliciesException(List.of("there is no such file"));
        } catch (IOException e) {
            throw new FaultyPoliciesException(List.of("the file cannot be read: " + e));
        }
    }
}
