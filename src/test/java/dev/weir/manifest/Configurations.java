package dev.weir.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
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

    /** Whether a share is kept that every pod decides alike. */
    static boolean isRatio(Overlay overlay, Manifest gateway) {
        return !at(overlay.configuration(gateway), "/weir/sample/ratio").isMissingNode();
    }

    /** Where the admin port is. */
    static int adminPort(Overlay overlay, Manifest gateway) {
        String variable = environment(gateway).get("QUARKUS_HTTP_PORT");
        return variable == null
                ? at(overlay.configuration(gateway), "/quarkus/http/port").asInt(PortsRule.ADMIN)
                : Integer.parseInt(variable);
    }

    private static boolean hasPolicies(String yaml) {
        JsonNode tail = at(yaml, "/weir/sample/tail");
        return tail.has("policies") || tail.has("policies-file");
    }

    private static JsonNode at(String yaml, String pointer) {
        try {
            return new YAMLMapper().readTree(yaml).at(pointer);
        } catch (IOException e) {
            return MissingNode.getInstance(); // is said where the configuration is checked
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
