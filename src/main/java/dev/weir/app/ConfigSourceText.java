package dev.weir.app;

import io.smallrye.config.source.yaml.YamlConfigSource;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * What stands in {@code weir.yaml}, and what stands over it.
 *
 * @param environment whose variables win over the file
 * @param systemProperties which win over both
 */
record ConfigSourceText(Path file, String text, Map<String, String> environment, Map<String, String> systemProperties) {

    private static final int ORDINAL = 260;

    /** The same file with other content. */
    ConfigSourceText with(String otherText) {
        return new ConfigSourceText(file, otherText, environment, systemProperties);
    }

    /** @throws RuntimeException when it is not YAML */
    YamlConfigSource parsed() {
        return new YamlConfigSource(file.toString(), text, ORDINAL);
    }

    /** What the file sets, by key; not what is set otherwise over it. */
    Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>(parsed().getProperties());
        settings.keySet()
                .removeIf(
                        key -> environment.containsKey(Environment.variable(key)) || systemProperties.containsKey(key));
        return settings;
    }
}
