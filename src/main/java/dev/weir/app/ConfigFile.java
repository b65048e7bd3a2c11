package dev.weir.app;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the whole configuration, file under environment under system properties, and finds every fault in it at once.
 * The same for {@code weir check} and for a start.
 */
public final class ConfigFile {

    private ConfigFile() {}

    /**
     * @param config the configuration; null when there are faults
     * @param faults one sentence each, beginning with the key's name
     */
    public record Checked(@Nullable WeirConfig config, List<String> faults) {}

    /**
     * @param file {@code weir.yaml}; null for none
     * @param environment variables, usually {@link System#getenv()}
     */
    public static Checked check(@Nullable Path file, Map<String, String> environment) {
        List<String> faults = new ArrayList<>(Environment.faults(environment));
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withMapping(WeirConfig.class)
                .withValidateUnknown(true)
                .withSources(new EnvConfigSource(Environment.ours(environment), 300))
                .withSources(new WeirSystemProperties());
        if (file != null) {
            try {
                builder.withSources(new YamlConfigSource(file.toString(), Files.readString(file), 260));
            } catch (IOException e) {
                faults.add(file + ": cannot be read: " + e);
                return new Checked(null, faults);
            } catch (RuntimeException e) {
                faults.add(file + ": is not YAML: " + e.getMessage());
                return new Checked(null, faults);
            }
        }
        try {
            SmallRyeConfig raw = builder.build();
            WeirConfig config = raw.getConfigMapping(WeirConfig.class);
            faults.addAll(ConfigRules.faults(config));
            return new Checked(faults.isEmpty() ? config : null, faults);
        } catch (ConfigValidationException e) {
            for (int i = 0; i < e.getProblemCount(); i++) {
                faults.add(ConfigProblem.sentence(e.getProblem(i).getMessage()));
            }
            return new Checked(null, faults);
        }
    }
}
