package dev.weir.sample.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PolicyFileTest {

    private static final Duration PERIOD = Duration.ofMillis(10);
    private static final Duration NEVER = Duration.ofDays(1);

    @TempDir
    Path folder;

    private final List<String> read = Collections.synchronizedList(new ArrayList<>());

    @Test
    void shouldNotStartWithoutRules() throws IOException {
        Path missing = folder.resolve("missing.yaml");
        Path faulty = write("faulty.yaml", "bad one");

        assertThatThrownBy(() -> new PolicyFile<>(missing, this::read)).hasMessage("there is no such file");
        assertThatThrownBy(() -> new PolicyFile<>(faulty, this::read)).hasMessage("bad one is no policy");
    }

    @Test
    void shouldSeeAFileThatIsReplacedByRenaming() throws Exception {
        Path file = write("policies.yaml", "one");
        try (PolicyFile<String> policies = new PolicyFile<>(file, this::read, PERIOD)) {
            Files.move(write("new.yaml", "two"), file, StandardCopyOption.ATOMIC_MOVE);

            await().until(() -> policies.current().equals("rules two"));
            assertThat(policies.reloads()).isOne();
        }
    }

    @Test
    void shouldSeeTheLinkOfAConfigMapSwappedEvenToAnOlderFileOfTheSameLength() throws Exception {
        // Given what a kubelet mounts: policies.yaml -> ..data/policies.yaml, ..data -> ..1
        Path first = Files.createDirectory(folder.resolve("..1"));
        Path second = Files.createDirectory(folder.resolve("..2"));
        Files.writeString(first.resolve("policies.yaml"), "one");
        Files.writeString(second.resolve("policies.yaml"), "two");
        Files.setLastModifiedTime(second.resolve("policies.yaml"), FileTime.fromMillis(0));
        Path data = Files.createSymbolicLink(folder.resolve("..data"), Path.of("..1"));
        Path file = Files.createSymbolicLink(folder.resolve("policies.yaml"), Path.of("..data/policies.yaml"));
        try (PolicyFile<String> policies = new PolicyFile<>(file, this::read, PERIOD)) {
            assertThat(policies.current()).isEqualTo("rules one");

            // When
            Path swap = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..2"));
            Files.move(swap, data, StandardCopyOption.ATOMIC_MOVE);

            // Then
            await().until(() -> policies.current().equals("rules two"));
        }
    }

    @Test
    void shouldKeepTheOldRulesWhileTheFileIsBad() throws Exception {
        Path file = write("policies.yaml", "one");
        try (PolicyFile<String> policies = new PolicyFile<>(file, this::read, PERIOD)) {
            write("policies.yaml", "bad two");
            await().until(() -> !policies.faults().isEmpty());

            assertThat(policies.faults()).containsExactly("bad two is no policy");
            assertThat(policies.current()).isEqualTo("rules one");
            assertThat(policies.arePoliciesFaulty()).isTrue();
            assertThat(policies.failures()).isOne();

            Files.delete(file);
            await().until(() -> policies.faults().equals(List.of("there is no such file")));
            write("policies.yaml", "bad two");
            await().until(() -> policies.faults().equals(List.of("bad two is no policy")));
            write("policies.yaml", "one");
            await().until(() -> policies.faults().isEmpty());
            assertThat(policies.current()).isEqualTo("rules one");
            assertThat(read.stream().filter("bad two"::equals)).as("read once").hasSize(1);
        }
    }

    @Test
    void shouldSurviveWhateverReadingThrows() throws Exception {
        Path file = write("policies.yaml", "one");
        try (PolicyFile<String> policies = new PolicyFile<>(file, this::read, PERIOD)) {
            write("policies.yaml", "throw");
            await().until(() -> !policies.faults().isEmpty());

            write("policies.yaml", "two");
            await().until(() -> policies.current().equals("rules two"));
            assertThat(policies.faults()).isEmpty();
        }
    }

    @Test
    void shouldReadAtOnceWhenAsked() throws Exception {
        Path file = write("policies.yaml", "one");
        try (PolicyFile<String> policies = new PolicyFile<>(file, this::read, NEVER)) {
            write("policies.yaml", "two");
            assertThat(policies.reload()).isEmpty();
            assertThat(policies.current()).isEqualTo("rules two");

            write("policies.yaml", "bad three");
            assertThat(policies.reload()).containsExactly("bad three is no policy");
            assertThat(policies.current()).isEqualTo("rules two");
        }
    }

    @Test
    void shouldNotSwapRulesThatAreTheSame() throws Exception {
        Path file = write("policies.yaml", "one");
        try (PolicyFile<String> policies = new PolicyFile<>(file, this::read, NEVER)) {
            String rules = policies.current();
            write("policies.yaml", "one ");

            assertThat(policies.reload()).isEmpty();
            assertThat(policies.current()).isSameAs(rules);
            assertThat(policies.reloads()).isZero();
        }
    }

    private String read(String yaml, @Nullable String previous) throws FaultyPoliciesException {
        read.add(yaml);
        if (yaml.startsWith("bad")) {
            throw new FaultyPoliciesException(List.of(yaml + " is no policy"));
        }
        if (yaml.equals("throw")) {
            throw new IllegalStateException("unforeseen");
        }
        String rules = "rules " + yaml.strip();
        return rules.equals(previous) ? previous : rules;
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }
}
