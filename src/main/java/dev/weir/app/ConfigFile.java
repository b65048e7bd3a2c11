package dev.weir.app;

import dev.weir.sample.SampleConfig;
import dev.weir.sample.policy.PolicyStatus;
import dev.weir.sample.tail.RulesReading;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads the whole configuration, file under environment under system properties, and finds every fault in it at once.
 * The same for {@code weir check} and for a start.
 */
public final class ConfigFile {

    private static final int ATTEMPTS = 4;

    private ConfigFile() {}

    /**
     * @param config the configuration; null when there are faults
     * @param faults one sentence each, beginning with the key's name
     * @param policies where those of tail sampling stand; empty when there are none
     * @param source what was read; empty without a file
     */
    public record Checked(
            @Nullable WeirConfig config,
            List<String> faults,
            Optional<PolicySource> policies,
            Optional<ConfigSourceText> source) {

        Checked(List<String> faults) {
            this(null, faults, Optional.empty(), Optional.empty());
        }

        /** Each policy of tail sampling, in the order they are asked; empty when there are none. */
        public List<PolicyStatus> describePolicies() {
            return policies.map(PolicySource::describe).orElse(List.of());
        }
    }

    /**
     * @param file {@code weir.yaml}; null for none
     * @param environment variables, usually {@link System#getenv()}
     * @param systemProperties over everything else; only those that begin with {@code weir.} are read
     */
    public static Checked check(
            @Nullable Path file, Map<String, String> environment, Map<String, String> systemProperties) {
        if (file == null) {
            return check(null, environment, systemProperties, true);
        }
        try {
            ConfigSourceText source = new ConfigSourceText(file, Files.readString(file), environment, systemProperties);
            return check(source, environment, systemProperties, true);
        } catch (IOException e) {
            List<String> faults = new ArrayList<>(Environment.faults(environment));
            faults.add(file + ": "
                    + (e instanceof NoSuchFileException ? "there is no such file" : "cannot be read: " + e));
            return new Checked(faults);
        }
    }

    /** The same of a file that was read; its policies-file, which is watched by itself, is not looked into. */
    static Checked checkAlone(ConfigSourceText source) {
        return check(source, source.environment(), source.systemProperties(), false);
    }

    private static Checked check(
            @Nullable ConfigSourceText source,
            Map<String, String> environment,
            Map<String, String> systemProperties,
            boolean readsPoliciesFile) {
        List<String> faults = new ArrayList<>(Environment.faults(environment));
        List<ConfigSource> sources = new ArrayList<>();
        sources.add(new EnvConfigSource(Environment.ours(environment), 300));
        Map<String, String> ours = new HashMap<>(systemProperties);
        ours.keySet().removeIf(name -> !name.startsWith("weir."));
        sources.add(new PropertiesConfigSource(ours, "system properties", 400));
        if (source != null) {
            try {
                sources.add(source.parsed());
            } catch (RuntimeException e) {
                faults.add(source.file() + ": is not YAML" + YamlFault.where(e));
                return new Checked(faults);
            }
        }
        WeirConfig config = load(sources, faults);
        faults.addAll(policyFaults(sources, source, config, readsPoliciesFile));
        return config == null || !faults.isEmpty()
                ? new Checked(faults)
                : new Checked(
                        config,
                        faults,
                        policies(sources, source == null ? null : source.file(), config),
                        Optional.ofNullable(source));
    }

    private static Optional<PolicySource> policies(List<ConfigSource> sources, @Nullable Path file, WeirConfig config) {
        Optional<String> elsewhere = config.sample().tail().policiesFile();
        if (elsewhere.isPresent()) {
            return Optional.of(new PolicySource(Path.of(elsewhere.get()), false));
        }
        boolean inline = sources.stream().anyMatch(source -> InlinePolicies.isAmong(source.getPropertyNames()));
        return inline && file != null ? Optional.of(new PolicySource(file, true)) : Optional.empty();
    }

    private static List<String> policyFaults(
            List<ConfigSource> sources,
            @Nullable ConfigSourceText source,
            @Nullable WeirConfig config,
            boolean readsPoliciesFile) {
        Set<String> settings = new HashSet<>();
        sources.forEach(one -> settings.addAll(one.getPropertyNames()));
        List<String> faults = new ArrayList<>(InlinePolicies.faults(settings));
        boolean inline = InlinePolicies.isAmong(settings);
        boolean elsewhere =
                settings.stream().anyMatch(name -> Environment.variable(name).equals("WEIR_SAMPLE_TAIL_POLICIES_FILE"));
        if (inline && elsewhere) {
            faults.add("weir.sample.tail.policies-file: there are policies here too, keep one of the two");
        } else if (inline) {
            faults.addAll(
                    source == null
                            ? List.of("weir.sample.tail.policies: can only stand in a file")
                            : rulesFaults("weir.sample.tail.policies", source.text(), true));
        } else if (elsewhere && config != null && readsPoliciesFile) {
            config.sample()
                    .tail()
                    .policiesFile()
                    .map(Path::of)
                    .filter(Files::isReadable)
                    .ifPresent(policies -> faults.addAll(rulesFaults("weir.sample.tail.policies-file", policies)));
        } else if (!elsewhere && InlinePolicies.isTailAmong(settings)) {
            faults.add("weir.sample.tail: there are no policies; write policies, or name a policies-file");
        }
        if (!inline && !elsewhere && config != null && config.sample().logs() == SampleConfig.Logs.FOLLOW_TRACE) {
            faults.add("weir.sample.logs: follow-trace needs traces that are decided; write weir.sample.tail.policies");
        }
        return faults;
    }

    private static List<String> rulesFaults(String key, String yaml, boolean isConfiguration) {
        return RulesReading.faults(yaml, isConfiguration).stream()
                .map(fault -> key + ": " + fault)
                .toList();
    }

    private static List<String> rulesFaults(String key, Path file) {
        try {
            return rulesFaults(key, Files.readString(file), false);
        } catch (IOException e) {
            return List.of(key + ": " + file + " cannot be read: " + e);
        }
    }

    /**
     * What the file says to the platform, {@code quarkus.*} and the like, as system properties: all but what the
     * environment says otherwise. The platform need not read the file.
     *
     * @param file without faults; null for none
     */
    public static Map<String, String> platformSettings(@Nullable Path file, Map<String, String> environment) {
        Map<String, String> settings = new HashMap<>();
        if (file != null) {
            try {
                new ConfigSourceText(file, Files.readString(file), environment, Map.of())
                        .settings()
                        .forEach((name, value) -> {
                            if (!name.startsWith("weir.")) {
                                settings.put(name, value);
                            }
                        });
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return settings;
    }

    /** What the platform says of its own part of the configuration at a start, one sentence a fault. */
    public static List<String> faults(ConfigValidationException e) {
        return IntStream.range(0, e.getProblemCount())
                .mapToObj(i -> ConfigProblem.of(e.getProblem(i).getMessage()).sentence())
                .toList();
    }

    /**
     * Loads until it succeeds, each time without the keys that were at fault and with something in place of those that
     * are missing, so that what stands beside a fault is checked in the same run.
     */
    private static @Nullable WeirConfig load(List<ConfigSource> sources, List<String> faults) {
        Set<String> left = new HashSet<>();
        Map<String, String> placeholders = new HashMap<>();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                WeirConfig config = mapping(sources, left, placeholders);
                faults.addAll(ConfigRules.faults(config));
                return config;
            } catch (ConfigValidationException e) {
                for (int i = 0; i < e.getProblemCount(); i++) {
                    ConfigProblem problem = ConfigProblem.of(e.getProblem(i).getMessage());
                    faults.add(problem.sentence());
                    if (problem.key() != null && problem.isMissing()) {
                        placeholders.put(problem.key(), placeholder(problem.key()));
                    } else if (problem.key() != null) {
                        left.add(problem.key());
                    }
                }
            }
        }
        return null;
    }

    private static WeirConfig mapping(List<ConfigSource> sources, Set<String> left, Map<String, String> placeholders) {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withMappingIgnore(InlinePolicies.PASSED)
                .withMapping(WeirConfig.class)
                .withValidateUnknown(true);
        for (ConfigSource source : sources) {
            builder.withSources(left.isEmpty() ? source : without(source, left));
        }
        builder.withSources(new PropertiesConfigSource(placeholders, "placeholders", 500));
        return builder.build().getConfigMapping(WeirConfig.class);
    }

    private static ConfigSource without(ConfigSource source, Set<String> left) {
        Map<String, String> kept = new HashMap<>();
        source.getProperties().forEach((name, value) -> {
            if (left.stream().noneMatch(prefix -> covers(prefix, name))) {
                kept.put(name, value);
            }
        });
        return new PropertiesConfigSource(kept, source.getName(), source.getOrdinal());
    }

    private static boolean covers(String prefix, String name) {
        return name.startsWith(prefix) || Environment.variable(name).startsWith(Environment.variable(prefix));
    }

    /** What no rule finds a fault with. */
    private static String placeholder(String key) {
        return key.endsWith(".endpoint") ? "http://localhost:1" : "http/protobuf";
    }
}
