package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Integration tests start the JVM as the launcher does. */
class LauncherFlagsTest {

    private static final Pattern COMMAND =
            Pattern.compile("exec \"\\$JAVA_HOME/bin/java\" (.*?)\\$\\{WEIR_JAVA_OPTS:-}", Pattern.DOTALL);

    @Test
    void shouldBeThoseOfTheLauncher() throws IOException {
        Matcher command = COMMAND.matcher(Files.readString(Path.of("weir")));

        assertThat(command.find()).isTrue();
        assertThat(flags(command.group(1))).isEqualTo(WeirProcess.LAUNCHER_FLAGS);
    }

    /** Without those for the memory, which the launcher computes, and for the cache, which may not be there. */
    private static List<String> flags(String text) {
        return Arrays.stream(text.replaceAll("\\$\\([^)]*\\)|\\$\\{[^}]*}", "").split("[\\s\\\\]+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
