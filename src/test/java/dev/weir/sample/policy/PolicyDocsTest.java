package dev.weir.sample.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page about policies has every type, and examples that work. */
class PolicyDocsTest {

    private static final Path PAGE = Path.of("docs/components/policies.md");
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z-]+)` \\|[^\\n]*?`(\\1: [^`]+)`", Pattern.MULTILINE);
    private static final Pattern BLOCK = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);

    @Test
    void shouldShowAnExampleOfEveryType() throws IOException {
        List<String> examples = ROW.matcher(Files.readString(PAGE))
                .results()
                .map(row -> row.group(2))
                .toList();

        assertThat(examples)
                .allSatisfy(example ->
                        assertThat(PolicyTester.faults(example)).as(example).isEmpty());
        assertThat(new TreeSet<>(examples.stream()
                        .map(each -> each.substring(0, each.indexOf(':')))
                        .toList()))
                .isEqualTo(new TreeSet<>(PolicyTypes.names()));
    }

    @Test
    void shouldShowFilesThatWork() throws IOException {
        List<String> blocks = BLOCK.matcher(Files.readString(PAGE))
                .results()
                .map(block -> block.group(1))
                .toList();

        assertThat(blocks).hasSizeGreaterThan(2).allSatisfy(block -> {
            PolicyReader.Result result =
                    block.startsWith("weir:") ? PolicyReader.readConfiguration(block) : PolicyReader.readFile(block);
            assertThat(result.faults()).as(block).isEmpty();
        });
    }
}
