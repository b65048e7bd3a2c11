package dev.weir.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What differs between two files of JMH's results; started by {@code load-tests/jmh}. */
final class JmhComparison {

    private static final String ALLOCATION = "gc.alloc.rate.norm";

    /**
     * One benchmark with its parameters.
     *
     * @param error half of the interval in which JMH is sure, to 99.9 %, that the score lies
     * @param allocated bytes an operation; NaN when it was not measured
     */
    record Score(double score, double error, String unit, double allocated) {}

    private JmhComparison() {}

    /** Arguments: the earlier file and the later one. */
    public static void main(String[] arguments) throws IOException {
        Locale.setDefault(Locale.ROOT);
        System.out.printf("%nbefore %s%nafter  %s%n", arguments[0], arguments[1]);
        System.out.print(table(read(Path.of(arguments[0])), read(Path.of(arguments[1]))));
    }

    static Map<String, Score> read(Path file) throws IOException {
        Map<String, Score> scores = new LinkedHashMap<>();
        for (JsonNode run : new ObjectMapper().readTree(file.toFile())) {
            String name = run.path("benchmark").asText();
            StringBuilder key = new StringBuilder(name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1));
            run.path("params")
                    .properties()
                    .forEach(parameter -> key.append(' ')
                            .append(parameter.getKey())
                            .append('=')
                            .append(parameter.getValue().asText()));
            JsonNode score = run.path("primaryMetric");
            JsonNode allocation = run.path("secondaryMetrics").path(ALLOCATION);
            scores.put(
                    key.toString(),
                    new Score(
                            score.path("score").asDouble(),
                            score.path("scoreError").asDouble(),
                            score.path("scoreUnit").asText(),
                            allocation.isMissingNode()
                                    ? Double.NaN
                                    : allocation.path("score").asDouble()));
        }
        return scores;
    }

    /** A line for each benchmark of both; a star where the intervals do not touch. */
    static String table(Map<String, Score> before, Map<String, Score> after) {
        StringBuilder text = new StringBuilder();
        after.forEach((name, now) -> {
            Score then = before.get(name);
            if (then != null) {
                boolean differs = Math.abs(now.score - then.score) > now.error + then.error;
                text.append("%-60s %12.3f → %12.3f %-6s %+6.1f %% %s  %,.0f → %,.0f B/op%n"
                        .formatted(
                                name,
                                then.score,
                                now.score,
                                now.unit,
                                100 * (now.score / then.score - 1),
                                differs ? "*" : " ",
                                then.allocated,
                                now.allocated));
            }
        });
        return text.isEmpty() ? "no benchmark is in both\n" : text.toString();
    }
}
