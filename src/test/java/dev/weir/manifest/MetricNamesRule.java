package dev.weir.manifest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Metrics and their labels in alerts, dashboards, autoscalers and canaries are the application's, as docs/operations.md lists them,
 * which {@code DocsTest} holds against what it exports.
 */
final class MetricNamesRule implements Rule {

    private static final Set<String> KINDS =
            Set.of("PrometheusRule", "HorizontalPodAutoscaler", "ScaledObject", "MetricTemplate", "Canary");
    private static final Pattern ROW = Pattern.compile("^\\| `(weir_\\w+)` \\| ([^|]*)\\|", Pattern.MULTILINE);
    private static final Pattern USE = Pattern.compile("\\b(weir_[a-z_]+)(?:\\{([^}]*)})?");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\\\\?\"");

    /** What Prometheus adds to every series. */
    private static final Set<String> OF_TARGET =
            Set.of("namespace", "pod", "job", "instance", "container", "service", "endpoint");

    private static final Map<String, Set<String>> METRICS = documented();

    @Override
    public void check(Overlay overlay, Consumer<String> fault) {
        for (Manifest manifest : overlay.manifests()) {
            if (KINDS.contains(manifest.kind())) {
                manifest.texts().forEach(text -> check(manifest, text, fault));
            } else if (manifest.kind().equals("ConfigMap")) {
                manifest.map("/data").forEach((file, text) -> {
                    if (file.endsWith(".json")) {
                        check(manifest, text, fault);
                    }
                });
            }
        }
    }

    /** The names of all that there are. */
    static Set<String> metrics() {
        return METRICS.keySet();
    }

    private static void check(Manifest manifest, String text, Consumer<String> fault) {
        USE.matcher(text).results().forEach(use -> {
            Set<String> labels =
                    METRICS.getOrDefault(use.group(1), METRICS.get(use.group(1).replaceFirst("_(count|sum)$", "")));
            if (labels == null) {
                fault.accept(manifest + ": there is no metric " + use.group(1));
            } else if (use.group(2) != null) {
                MATCHER.matcher(use.group(2))
                        .results()
                        .map(matcher -> matcher.group(1))
                        .filter(label -> !labels.contains(label) && !OF_TARGET.contains(label))
                        .forEach(label -> fault.accept(manifest + ": " + use.group(1) + " has no label " + label));
            }
        });
    }

    private static Map<String, Set<String>> documented() {
        try {
            Map<String, Set<String>> metrics = new TreeMap<>();
            ROW.matcher(Files.readString(Path.of("docs/operations.md")))
                    .results()
                    .forEach(row -> metrics.put(
                            row.group(1),
                            Arrays.stream(row.group(2).replace("`", "").split(","))
                                    .map(String::strip)
                                    .filter(label -> !label.isEmpty())
                                    .collect(Collectors.toSet())));
            return metrics;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
