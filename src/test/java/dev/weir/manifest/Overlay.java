package dev.weir.manifest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is applied together: one folder, built.
 *
 * @param name of the folder
 */
public record Overlay(String name, List<Manifest> manifests) {

    private static final ObjectMapper YAML =
            new ObjectMapper(new YAMLFactory()).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    /** Reads documents divided by {@code ---}. */
    public static Overlay of(String name, String yaml) {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(yaml)) {
            return new Overlay(
                    name,
                    documents.readAll().stream()
                            .filter(document -> document.isObject() && !document.isEmpty())
                            .map(Manifest::new)
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": " + e.getMessage(), e);
        }
    }

    Stream<Manifest> all(String kind) {
        return manifests.stream().filter(manifest -> manifest.kind().equals(kind));
    }

    Stream<Manifest> all(String group, String kind) {
        return all(kind).filter(manifest -> manifest.group().equals(group));
    }

    Optional<Manifest> one(String kind, String name) {
        return all(kind).filter(manifest -> manifest.name().equals(name)).findFirst();
    }

    /** What runs Weir: workloads with a container of that name. Usually one; none where a folder only adds to a cluster. */
    List<Manifest> gateways() {
        return manifests.stream()
                .filter(manifest -> !container(manifest).isMissingNode())
                .toList();
    }

    /** The container {@code weir} of a workload. */
    static JsonNode container(Manifest workload) {
        return workload.list("/spec/template/spec/containers").stream()
                .filter(container -> container.path("name").asText().equals("weir"))
                .findFirst()
                .orElseGet(() -> workload.at("/there-is-none"));
    }

    /** Whether labels of pods are what a selector asks for: {@code matchLabels}, or the selector of a Service. */
    static boolean selects(Map<String, String> selector, Map<String, String> labels) {
        return !selector.isEmpty() && labels.entrySet().containsAll(selector.entrySet());
    }

    static Map<String, String> podLabels(Manifest workload) {
        return workload.map("/spec/template/metadata/labels");
    }

    /** The text of the ConfigMap's {@code weir.yaml} that a workload mounts; empty when there is none. */
    String configuration(Manifest workload) {
        return workload.list("/spec/template/spec/volumes").stream()
                .map(volume -> volume.at("/configMap/name").asText())
                .flatMap(name -> one("ConfigMap", name).stream())
                .map(map -> map.at("/data").path("weir.yaml").asText())
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }
}
