package dev.weir.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    @TempDir
    Path directory;

    @Test
    void shouldReplaceWhatStandsBetweenTheMarkersAndNothingElse() throws IOException {
        Path page = Files.writeString(
                directory.resolve("page.md"), "before\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nafter\n");

        Report.write(page, "| new |\n");

        assertThat(page).hasContent("before\n<!-- bench:begin -->\n| new |\n<!-- bench:end -->\nafter\n");
    }

    @Test
    void shouldRefuseAPageWithoutMarkers() throws IOException {
        Path page = Files.writeString(directory.resolve("page.md"), "nothing\n");

        assertThatThrownBy(() -> Report.write(page, "")).hasMessageContaining("bench:begin");
    }

    @Test
    void shouldHaveAPlaceInTheDocumentation() throws IOException {
        assertThat(Files.readString(Path.of("docs/performance.md")))
                .containsOnlyOnce("\n<!-- bench:begin -->\n")
                .containsOnlyOnce("\n<!-- bench:end -->\n");
    }
}
