package dev.weir.app;

import io.smallrye.config.PropertiesConfigSource;
import java.util.HashMap;
import java.util.Map;

/** The system properties that are Weir's, over everything else. */
final class WeirSystemProperties extends PropertiesConfigSource {

    private static final long serialVersionUID = 1L;

    WeirSystemProperties() {
        super(ours(), "system properties", 400);
    }

    private static Map<String, String> ours() {
        Map<String, String> ours = new HashMap<>();
        for (String name : System.getProperties().stringPropertyNames()) {
            String value = System.getProperty(name);
            if (name.startsWith("weir.") && value != null) {
                ours.put(name, value);
            }
        }
        return ours;
    }
}
