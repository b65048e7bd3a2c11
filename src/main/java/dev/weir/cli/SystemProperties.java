package dev.weir.cli;

import java.util.Map;
import java.util.stream.Collectors;

/** The process's system properties as a map of strings. */
final class SystemProperties {

    private SystemProperties() {}

    static Map<String, String> all() {
        return System.getProperties().stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, name -> System.getProperty(name, "")));
    }
}
