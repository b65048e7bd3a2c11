package dev.weir.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.weir.app.ConfigFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A workload's {@code weir.yaml} and variables, read as the application reads them at its start. */
final class Configurations {

    private Configurations() {}

    static ConfigFile.Checked check(Overlay overlay, Manifest gateway) {
        try {
            Path file = Files.createTempFile("weir-", ".yaml");
            try {
                Files.writeString(file, overlay.configuration(gateway));
                return ConfigFile.check(file, environment(gateway), Map.of());
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether traces are held to be judged as a whole. */
    static boolean isTail(Overlay overlay, Manifest gateway) {
        return environment(gateway).containsKey("WEIR_SAMPLE_TAIL_POLICIES_FILE")
                || hasPolicies(overlay.configuration(gateway));
    }

    private static boolean hasPolicies(String yaml) {
        try {
            JsonNode tail = new YAMLMapper().readTree(yaml).at("/weir/sample/tail");
            return tail.has("policies") || tail.has("policies-file");
        } catch (IOException e) {
            return false; // is said where the configuration is checked
        }
    }

    /** The variables of the container; those from a field of the pod have any value. */
    static Map<String, String> environment(Manifest gateway) {
        Map<String, String> environment = new TreeMap<>();
        for (JsonNode variable : Manifest.list(Overlay.container(gateway).path("env"))) {
            environment.put(
                    variable.path("name").asText(), variable.path("value").asText("of the pod"));
        }
        return environment;
    }
}
