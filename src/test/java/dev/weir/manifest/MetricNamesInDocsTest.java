package dev.weir.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each metric that a page names, or the beginning of one as for grep, is in the table of docs/operations.md. */
final class MetricNamesInDocsTest {

    private static final Pattern NAME = Pattern.compile("\\bweir_[a-z][a-z_]*");

    /** {@code weir_(a|b)_items_total}, as grep -E reads it. */
    private static final Pattern CHOICE = Pattern.compile("\\bweir_\\(([a-z_|]+)\\)([a-z_]*)");

    @Test
    void shouldNameMetricsThatThereAre() throws IOException {
        List<Path> pages = pages();
        assertThat(pages).hasSizeGreaterThan(15);
        for (Path page : pages) {
            assertThat(unknown(Files.readString(page))).as(page.toString()).isEmpty();
        }
    }

    @Test
    void shouldFindMetricsThatThereAreNot() {
        assertThat(unknown("grep weir_dropped_spans_total, weir_tail_ and weir_export_dropped"))
                .containsExactly("weir_dropped_spans_total");
        assertThat(unknown("grep -E 'weir_(dropped|export_dropped|lost)_items_total'"))
                .containsExactly("weir_lost_items_total");
        assertThat(unknown("rate(weir_export_request_duration_seconds_count[5m])"))
                .isEmpty();
    }

    private static List<String> unknown(String page) {
        Set<String> metrics = MetricNamesRule.metrics();
        List<String> names = new ArrayList<>();
        CHOICE.matcher(page)
                .results()
                .forEach(choice -> Arrays.stream(choice.group(1).split("[|]"))
                        .forEach(one -> names.add("weir_" + one + choice.group(2))));
        NAME.matcher(page).results().forEach(name -> names.add(name.group()));
        return names.stream()
                .map(name -> name.replaceFirst("_seconds_(count|sum)$", "_seconds"))
                .filter(name -> metrics.stream().noneMatch(metric -> metric.startsWith(name)))
                .distinct()
                .toList();
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (String root : List.of("docs", "kubernetes", "istio", "linkerd", "examples")) {
            try (Stream<Path> files = Files.walk(Path.of(root))) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
            }
        }
        for (String page : List.of("README.md", "SECURITY.md", "CONTRIBUTING.md")) {
            pages.add(Path.of(page));
        }
        return pages;
    }
}
