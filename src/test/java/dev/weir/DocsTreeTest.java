package dev.weir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documentation says of the tree is so: packages, links, and paths. */
final class DocsTreeTest {

    private static final Path SOURCES = Path.of("src/main/java/dev/weir");
    /** What is applied, and says itself how. */
    private static final List<String> FOLDERS = List.of("kubernetes", "istio", "linkerd", "examples/shop");

    private static final Pattern PACKAGES = Pattern.compile("\\| package \\| holds \\|\\n\\|[-|]+\\n((?:\\|.*\\n)+)");
    private static final Pattern FIRST_CELL = Pattern.compile("^\\|([^|]*)\\|", Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]+)[^)]*\\)");
    private static final Pattern PATH =
            Pattern.compile("`((?:docs|examples|istio|kubernetes|linkerd|load-tests|src)/[^\\s`]+)[^`]*`");

    @Test
    void shouldListEveryPackageOnceAndNoOther() throws IOException {
        MatchResult table = PACKAGES.matcher(read(Path.of("CONTRIBUTING.md")))
                .results()
                .findFirst()
                .orElseThrow();

        List<String> listed = matches(FIRST_CELL, table.group(1))
                .flatMap(cell -> matches(CODE, cell))
                .toList();

        assertThat(listed).containsExactlyInAnyOrderElementsOf(packages());
    }

    @Test
    void shouldLinkOnlyToWhatIsThere() throws IOException {
        List<Path> pages = Stream.concat(pages().stream(), FOLDERS.stream().map(folder -> Path.of(folder, "README.md")))
                .toList();
        assertThat(pages).hasSizeGreaterThan(10);
        for (Path page : pages) {
            assertThat(matches(LINK, read(page)).filter(link -> !link.contains(":")))
                    .as("links of " + page)
                    .allSatisfy(link ->
                            assertThat(page.resolveSibling(link).normalize()).exists());
            assertThat(matches(PATH, read(page)).filter(path -> !path.contains("*")))
                    .as("paths in " + page)
                    .allSatisfy(path -> assertThat(Path.of(path)).exists());
        }
    }

    @Test
    void shouldLeadFromTheReadmeToEveryPage() throws IOException {
        List<Path> linked = matches(LINK, read(Path.of("README.md")))
                .map(link -> Path.of(link))
                .toList();

        assertThat(linked)
                .contains(Path.of("examples/tail.yaml"))
                .containsAll(pages().stream()
                        .filter(page -> !page.equals(Path.of("README.md")))
                        .toList());
    }

    private static List<String> packages() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(file -> SOURCES.relativize(file.getParent()).toString().replace('/', '.'))
                    .distinct()
                    .toList();
        }
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("docs"))) {
            return Stream.concat(
                            Stream.of(
                                            "README.md",
                                            "CONTRIBUTING.md",
                                            "kubernetes/README.md",
                                            "istio/README.md",
                                            "linkerd/README.md")
                                    .map(Path::of),
                            files)
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList();
        }
    }

    private static Stream<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1));
    }

    private static String read(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
