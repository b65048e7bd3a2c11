package dev.weir.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The documents of a folder that is applied with {@code kubectl apply -k}, as kubectl would send them. */
final class Manifests {

    private static final YAMLMapper YAML = new YAMLMapper();

    private final List<JsonNode> documents;

    private Manifests(List<JsonNode> documents) {
        this.documents = documents;
    }

    /** What {@code kubectl kustomize} makes of the folder; skips the test when there is no kubectl. */
    static Manifests of(Path directory, String folder) {
        return parse(text(directory, folder));
    }

    /** The same as text. */
    static String text(Path directory, String folder) {
        return Commands.run(
                directory,
                List.of(
                        Peers.program("kubectl"),
                        "kustomize",
                        Path.of(folder).toAbsolutePath().toString()));
    }

    static Manifests parse(String text) {
        try {
            return new Manifests(YAML.readerFor(JsonNode.class).<JsonNode>readValues(text).readAll().stream()
                    .filter(JsonNode::isObject)
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every folder below with a Kustomization, which can be built by itself; Components cannot. */
    static List<String> overlays(String below) {
        try (Stream<Path> files = Files.walk(Path.of(below))) {
            return files.filter(file -> file.endsWith("kustomization.yaml"))
                    .filter(file -> parse(read(file))
                            .documents
                            .getFirst()
                            .path("kind")
                            .asText()
                            .equals("Kustomization"))
                    .map(file -> file.getParent().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<JsonNode> all() {
        return documents;
    }

    List<JsonNode> ofKind(String kind) {
        return documents.stream()
                .filter(document -> document.path("kind").asText().equals(kind))
                .toList();
    }

    /** The one of this kind and name. */
    JsonNode get(String kind, String name) {
        return ofKind(kind).stream()
                .filter(document -> name(document).equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
    }

    static String name(JsonNode document) {
        return document.path("metadata").path("name").asText();
    }

    /** The element of an array that has a field with this text. */
    static JsonNode element(JsonNode array, String field, String value) {
        for (JsonNode element : array) {
            if (element.path(field).asText().equals(value)) {
                return element;
            }
        }
        throw new AssertionError("none with " + field + ": " + value + " in " + array);
    }
}
