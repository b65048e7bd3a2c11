package dev.weir.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The alerts of the monitoring component are those of docs/operations.md. */
final class AlertsTest {

    private static final Path RULES = Path.of("kubernetes/components/monitoring/prometheusrule.yaml");
    private static final Pattern ROW =
            Pattern.compile("^\\| [^|]+ \\| `((?:[^`|]|\\\\\\|)+)`[^|]* \\| ", Pattern.MULTILINE);

    @Test
    void shouldAlertToWhatTheDocsSayToWatch() throws IOException {
        String docs = Files.readString(Path.of("docs/operations.md"));
        List<String> documented = ROW.matcher(
                        docs.substring(docs.indexOf("## What to watch"), docs.indexOf("## In Kubernetes")))
                .results()
                .map(row -> row.group(1).replace("\\|", "|"))
                .toList();
        List<String> alerts =
                Overlay.of("rules", Files.readString(RULES)).manifests().getFirst().list("/spec/groups").stream()
                        .flatMap(group -> Manifest.list(group.path("rules")).stream())
                        .map(rule -> rule.path("expr").asText().replaceFirst(" or sum by .* unless .*", ""))
                        .toList();

        assertThat(documented).hasSizeGreaterThan(15);
        assertThat(alerts).containsExactlyInAnyOrderElementsOf(documented);
    }
}
