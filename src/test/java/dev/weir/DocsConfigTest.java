package dev.weir;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.app.WeirConfig;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The configuration tables in docs/components list every key there is, no other, once, and its default. */
final class DocsConfigTest {

    private static final Pattern ROW =
            Pattern.compile("^\\| `(weir\\.[^`]+)` \\|[^|]*\\| ([^|]*) \\|", Pattern.MULTILINE);

    private static final Map<String, String> KEYS = new TreeMap<>();

    static {
        ConfigMappings.getProperties(ConfigClass.configClass(WeirConfig.class)).forEach((key, property) -> {
            if (!key.endsWith("[*]")) { // the indexed form of a list, which has a key without it too
                KEYS.put(key, property.hasDefaultValue() ? property.getDefaultValue() : "");
            }
        });
    }

    @Test
    void shouldDocumentEveryKeyOnceAndNoOther() throws Exception {
        List<String> documented = rows().map(Row::key).sorted().toList();

        assertThat(documented).doesNotHaveDuplicates();
        assertThat(new TreeSet<>(documented)).isEqualTo(KEYS.keySet());
    }

    @Test
    void shouldDocumentTheDefaultThatApplies() throws Exception {
        Map<String, String> documented = rows().filter(
                        row -> !KEYS.getOrDefault(row.key(), "").isEmpty())
                .collect(Collectors.toMap(Row::key, Row::defaultValue));

        assertThat(documented)
                .isNotEmpty()
                .allSatisfy((key, value) -> assertThat(value).as(key).isEqualTo(KEYS.get(key)));
    }

    private record Row(String key, String defaultValue) {}

    private static Stream<Row> rows() throws IOException {
        try (Stream<Path> pages = Files.list(Path.of("docs/components"))) {
            StringBuilder all = new StringBuilder();
            for (Path page : pages.toList()) {
                all.append(Files.readString(page)).append('\n');
            }
            return ROW
                    .matcher(all)
                    .results()
                    .map(row -> new Row(row.group(1).replaceAll("<[^>]+>", "*"), row.group(2)))
                    .toList()
                    .stream();
        }
    }
}
