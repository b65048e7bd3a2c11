package dev.weir.enrich.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The section Identity of docs/components/mesh.md says what the code does. */
class IdentityDocsTest {

    @Test
    void shouldDocumentEveryOutcome() throws Exception {
        List<String> documented = section()
                .lines()
                .dropWhile(line -> !line.startsWith("| outcome |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split("`", 3)[1])
                .toList();

        assertThat(documented)
                .containsExactlyElementsOf(
                        Stream.of(Outcome.values()).map(Outcome::label).toList());
    }

    @Test
    void shouldDocumentTheHeadersAndTheBounds() throws Exception {
        String section = section();

        for (Trust.Mesh mesh : Trust.Mesh.values()) {
            assertThat(mesh.header() == null || section.contains("`" + mesh.header() + "`"))
                    .as(mesh.name())
                    .isTrue();
        }
        assertThat(section)
                .contains(String.format(java.util.Locale.ROOT, "over %,d characters", Callers.MOST_HEADER))
                .contains("Linkerd's over " + LinkerdClientId.MOST_LENGTH)
                .contains("The last " + Callers.MOST_CACHED + " verified headers");
    }

    private static String section() throws Exception {
        String page = Files.readString(Path.of("docs/components/mesh.md"));
        int start = page.indexOf("## Identity\n");
        assertThat(start).isNotNegative();
        return page.substring(start, page.indexOf("\n## ", start));
    }
}
