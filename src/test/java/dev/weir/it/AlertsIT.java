package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prometheus' own tool reads the alerts, tries them on series, and reads the queries of the dashboard. */
class AlertsIT {

    private static final Path MONITORING = Path.of("kubernetes/components/monitoring");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @Test
    void shouldBeRulesThatPrometheusReads() throws IOException {
        assertThat(promtool("check", "rules", "--lint-fatal", rules().toString()))
                .contains("SUCCESS: 18 rules found");
    }

    @Test
    void shouldAlertWhenSomethingIsWrong() throws IOException {
        rules();
        Path tests = directory.resolve("alerts-test.yaml");
        Files.copy(Path.of("src/test/resources/alerts-test.yaml"), tests);

        assertThat(promtool("test", "rules", tests.toString())).contains("SUCCESS");
    }

    @Test
    void shouldAskPrometheusInTheDashboardWhatItCanAnswer() throws IOException {
        List<JsonNode> targets = JSON.readTree(
                        MONITORING.resolve("weir-dashboard.json").toFile())
                .findParents("expr");
        List<Map<String, String>> records = new ArrayList<>();
        for (JsonNode target : targets) {
            String query = target.path("expr")
                    .asText()
                    .replace("$__rate_interval", "5m")
                    .replace("$__range", "1h")
                    .replace("$namespace", "observability");
            records.add(Map.of("record", "panel" + records.size() + ":query", "expr", query));
        }
        String file = JSON.writeValueAsString(Map.of("groups", List.of(Map.of("name", "dashboard", "rules", records))));

        assertThat(records).hasSizeGreaterThan(25);
        assertThat(promtool(
                        "check",
                        "rules",
                        Peers.write(directory, "dashboard.yaml", file).toString()))
                .contains("SUCCESS: " + records.size() + " rules found");
    }

    @Test
    void shouldConfigureThePrometheusOfTheDemonstration() {
        Path config = Path.of("kubernetes/components/demo/prometheus.yml").toAbsolutePath();

        assertThat(promtool("check", "config", "--syntax-only", config.toString()))
                .contains("SUCCESS");
    }

    /** The PrometheusRule as a file of rules. */
    private Path rules() throws IOException {
        JsonNode spec = new YAMLMapper()
                .readTree(MONITORING.resolve("prometheusrule.yaml").toFile())
                .path("spec");
        return Peers.write(directory, "rules.yaml", spec.toString());
    }

    private String promtool(String... words) {
        List<String> command = new ArrayList<>(List.of(Peers.program("promtool")));
        command.addAll(List.of(words));
        return Commands.run(directory, command);
    }
}
