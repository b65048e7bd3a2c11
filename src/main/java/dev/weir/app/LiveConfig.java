package dev.weir.app;

import dev.weir.sample.Reloading;
import dev.weir.sample.policy.Rules;
import dev.weir.sample.ratio.RatioConfig;
import dev.weir.sample.ratio.RatioSettings;
import dev.weir.sample.tail.FaultyPoliciesException;
import dev.weir.sample.tail.PolicyFile;
import dev.weir.sample.tail.RulesReading;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * {@code weir.yaml} while the process runs. A change is checked as a whole, as at the start: of a file without a fault the
 * policies and {@code sample.ratio} are used at once, both or none, and the other keys that changed are named, because they
 * need a restart.
 */
final class LiveConfig implements Reloading, AutoCloseable {

    private static final Logger LOG = Logger.getLogger("weir.config");
    private static final String RATIO = "weir.sample.ratio.";
    private static final String POLICIES = "weir.sample.tail.policies";

    /** Null without a file: then nothing can change. */
    private final @Nullable ConfigSourceText started;

    private final Map<String, String> startedSettings;
    private final boolean hasPoliciesInside;
    private final @Nullable PolicyFile<Rules> policies;
    private final @Nullable PolicyFile<LiveConfig> watched;

    private ConfigFile.Checked last;
    private Consumer<RatioConfig> sampler = ratio -> {};
    private volatile RatioSettings ratio;
    private volatile long ratioReloads;
    private volatile List<String> needRestart = List.of();

    /** @throws FaultyPoliciesException when a file has changed since it was checked, and cannot be used any more */
    LiveConfig(ConfigFile.Checked checked) throws FaultyPoliciesException {
        last = checked;
        ratio = RatioSettings.of(config(checked).sample().ratio());
        started = checked.source().orElse(null);
        startedSettings = started == null ? Map.of() : started.settings();
        PolicySource source = checked.policies().orElse(null);
        hasPoliciesInside = source != null && source.isConfiguration();
        RulesReading rules = new RulesReading(hasPoliciesInside, System::nanoTime);
        policies = source == null
                ? null
                : new PolicyFile<>(source.file(), hasPoliciesInside ? (yaml, old) -> read(yaml, old, rules) : rules);
        boolean canChange = started != null && Files.isRegularFile(started.file()); // a pipe is read only once
        watched = !canChange || hasPoliciesInside
                ? null
                : new PolicyFile<>(Objects.requireNonNull(started).file(), (yaml, same) -> {
                    use(check(yaml));
                    return this;
                });
    }

    private Rules read(String yaml, @Nullable Rules old, RulesReading rules) throws FaultyPoliciesException {
        ConfigFile.Checked checked = check(yaml);
        Rules next = rules.read(yaml, old);
        use(checked);
        return next;
    }

    /** Where shares that change go; at once those that have changed already. */
    synchronized void shares(Consumer<RatioConfig> to) {
        sampler = to;
        to.accept(ratio);
    }

    /** The policies of tail sampling; empty without it. */
    Optional<PolicyFile<Rules>> policies() {
        return Optional.ofNullable(policies);
    }

    private synchronized ConfigFile.Checked check(String yaml) throws FaultyPoliciesException {
        ConfigSourceText source = Objects.requireNonNull(started).with(yaml);
        if (last.source().filter(source::equals).isPresent()) {
            return last;
        }
        ConfigFile.Checked checked = ConfigFile.checkAlone(source);
        if (checked.config() == null) {
            boolean arePoliciesFaulty =
                    hasPoliciesInside && !RulesReading.faults(yaml, true).isEmpty();
            throw new FaultyPoliciesException(checked.faults(), arePoliciesFaulty);
        }
        return checked;
    }

    private synchronized void use(ConfigFile.Checked checked) {
        last = checked;
        RatioSettings next = RatioSettings.of(config(checked).sample().ratio());
        if (!next.equals(ratio)) {
            ratio = next;
            ratioReloads++;
            sampler.accept(next);
            LOG.infof(
                    "weir.sample.ratio has changed and is in use: traces %s, logs %s, %s",
                    next.traces(), next.logs(), next.mode().name().toLowerCase(Locale.ROOT));
        }
        List<String> changed = changed(checked.source().orElseThrow().settings());
        if (!changed.equals(needRestart)) {
            needRestart = changed;
            if (!changed.isEmpty()) {
                LOG.warnf("changed, and in use only after a restart: %s", String.join(", ", changed));
            }
        }
    }

    /** The keys, never their values: some are passwords. */
    private List<String> changed(Map<String, String> settings) {
        TreeSet<String> keys = new TreeSet<>(startedSettings.keySet());
        keys.addAll(settings.keySet());
        keys.removeIf(key -> key.startsWith(RATIO) || Objects.equals(startedSettings.get(key), settings.get(key)));
        TreeSet<String> changed = new TreeSet<>();
        for (String key : keys) {
            if (!InlinePolicies.isInline(key)) {
                changed.add(key.replaceFirst("\\[.*", ""));
            } else if (!hasPoliciesInside) {
                changed.add(POLICIES);
            }
        }
        return List.copyOf(changed);
    }

    private static WeirConfig config(ConfigFile.Checked checked) {
        return Objects.requireNonNull(checked.config());
    }

    @Override
    public List<String> reload() {
        List<String> faults = new ArrayList<>();
        if (watched != null) {
            faults.addAll(watched.reload());
        }
        if (policies != null) {
            faults.addAll(policies.reload());
        }
        return faults;
    }

    @Override
    public List<String> faults() {
        return watched != null
                ? watched.faults()
                : hasPoliciesInside && policies != null ? policies.faults() : List.of();
    }

    @Override
    public List<String> needRestart() {
        return needRestart;
    }

    @Override
    public RatioSettings ratio() {
        return ratio;
    }

    @Override
    public long ratioReloads() {
        return ratioReloads;
    }

    /** Changes are not seen any more. */
    @Override
    public void close() {
        if (watched != null) {
            watched.close();
        }
        if (policies != null) {
            policies.close();
        }
    }
}
