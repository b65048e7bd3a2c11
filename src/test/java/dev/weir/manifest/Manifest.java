package dev.weir.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/** One document of Kubernetes. Pointers are JSON's: {@code /spec/template}. */
public record Manifest(JsonNode json) {

    public String apiVersion() {
        return text("/apiVersion");
    }

    /** The API group; empty for the core's. */
    String group() {
        String version = apiVersion();
        return version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
    }

    public String kind() {
        return text("/kind");
    }

    public String name() {
        return text("/metadata/name");
    }

    public String namespace() {
        return text("/metadata/namespace");
    }

    JsonNode at(String pointer) {
        return json.at(pointer);
    }

    String text(String pointer) {
        return json.at(pointer).asText();
    }

    /** The elements of a list; none when there is no list. */
    List<JsonNode> list(String pointer) {
        return list(json.at(pointer));
    }

    static List<JsonNode> list(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).toList();
    }

    /** A map of texts; empty when there is none. */
    Map<String, String> map(String pointer) {
        return map(json.at(pointer));
    }

    static Map<String, String> map(JsonNode object) {
        Map<String, String> map = new TreeMap<>();
        object.properties()
                .forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
        return map;
    }

    /** Every text anywhere in it. */
    List<String> texts() {
        List<String> texts = new ArrayList<>();
        collect(json, texts);
        return texts;
    }

    private static void collect(JsonNode node, List<String> texts) {
        if (node.isTextual()) {
            texts.add(node.asText());
        }
        node.forEach(child -> collect(child, texts));
    }

    /** How a fault names it. */
    @Override
    public String toString() {
        return kind() + "/" + name();
    }
}
