package dev.weir.app;

import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The {@code WEIR_*} variables. The configuration library ignores one that is misspelt, so they are held here against
 * the keys that exist. Those that Kubernetes injects for a Service named weir are no configuration of ours.
 */
final class Environment {

    /** Read by the launcher and by the program itself, not by the configuration. */
    private static final Set<String> PROGRAM = Set.of("WEIR_CONFIG", "WEIR_JAVA_OPTS", "WEIR_PEERS", "WEIR_HOME");

    private static final Pattern KUBERNETES = Pattern.compile("WEIR_SERVICE_HOST"
            + "|WEIR_SERVICE_PORT(_[A-Z0-9_]+)?"
            + "|WEIR_PORT"
            + "|WEIR_PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?");

    private Environment() {}

    /** The variables that configure Weir. */
    static Map<String, String> ours(Map<String, String> environment) {
        Map<String, String> ours = new HashMap<>();
        environment.forEach((name, value) -> {
            if (isOurs(name)) {
                ours.put(name, value);
            }
        });
        return ours;
    }

    static List<String> faults(Map<String, String> environment) {
        Pattern known = known();
        List<String> faults = new ArrayList<>();
        new TreeMap<>(environment)
                .keySet().stream()
                        .filter(Environment::isOurs)
                        .filter(name -> !known.matcher(name).matches())
                        .forEach(name -> faults.add(name
                                + ": there is no such setting; the variable of weir.batch.size is WEIR_BATCH_SIZE"));
        return faults;
    }

    /** The variable that sets a key. */
    static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    private static boolean isOurs(String name) {
        return name.startsWith("WEIR_")
                && !PROGRAM.contains(name)
                && !KUBERNETES.matcher(name).matches();
    }

    /** Every key as its variable: upper case, all else an underscore, and anything for the name of a destination. */
    private static Pattern known() {
        List<String> forms = new ArrayList<>();
        for (String key : ConfigMappings.getProperties(ConfigClass.configClass(WeirConfig.class))
                .keySet()) {
            forms.add(key.toUpperCase(Locale.ROOT)
                    .replace("*", "\u0000")
                    .replaceAll("[^A-Z0-9\u0000]", "_")
                    .replace("\u0000", "[A-Z0-9_]+?"));
        }
        return Pattern.compile(String.join("|", forms));
    }
}
