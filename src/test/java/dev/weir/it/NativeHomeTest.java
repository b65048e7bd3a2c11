package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which GraalVM {@code ./weir native} builds with: the first that fits, wherever those that do not fit stand. */
class NativeHomeTest {

    private static final String GRAALVM_HOME = "graal";
    private static final String JAVA_HOME = "java";
    private static final String ON_PATH = "path";
    private static final String SDKMAN = "home/.sdkman/candidates/java/25.0.2-graalce";
    private static final String LOCAL = "home/.local/graalvm";

    /** In the order of preference. */
    private static final List<String> HOMES = List.of(GRAALVM_HOME, JAVA_HOME, ON_PATH, SDKMAN, LOCAL);

    @TempDir
    Path directory;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void setEnvironment() throws IOException {
        // Where a distribution links its programs to, before all that the script needs itself.
        Path bin = Files.createDirectories(directory.resolve("usr/bin"));
        Files.createSymbolicLink(bin.resolve("native-image"), directory.resolve(ON_PATH + "/bin/native-image"));
        environment.put("GRAALVM_HOME", directory.resolve(GRAALVM_HOME).toString());
        environment.put("JAVA_HOME", directory.resolve(JAVA_HOME).toString());
        environment.put("PATH", bin + ":/usr/bin:/bin");
        environment.put("HOME", directory.resolve("home").toString());
        environment.put("SDKMAN_DIR", "");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void shouldGoOnPastThoseOfAnotherVersion(int wrong) throws IOException {
        for (String home : HOMES) {
            make(home, HOMES.indexOf(home) < wrong ? "21.0.2" : "25.0.2");
        }
        assertThat(found()).isEqualTo(directory.resolve(HOMES.get(wrong)).toRealPath());
    }

    @Test
    void shouldGoOnPastAJdkWithoutNativeImage() throws IOException {
        for (String home : List.of(GRAALVM_HOME, JAVA_HOME)) {
            release(home, "25.0.2");
        }
        make(LOCAL, "25.0.2");

        assertThat(found()).isEqualTo(directory.resolve(LOCAL).toRealPath());
    }

    @Test
    void shouldPreferTheCurrentOfSdkman() throws IOException {
        make(SDKMAN, "25.0.2");
        make("home/.sdkman/candidates/java/25.0.1-mandrel", "25.0.1");
        Files.createSymbolicLink(directory.resolve(SDKMAN).resolveSibling("current"), directory.resolve(SDKMAN));

        assertThat(found()).isEqualTo(directory.resolve(SDKMAN).toRealPath());
    }

    @Test
    void shouldTakeAnotherOfSdkmanThanItsCurrent() throws IOException {
        make(SDKMAN, "25.0.2");
        make("home/.sdkman/candidates/java/21.0.2-graalce", "21.0.2");
        Files.createSymbolicLink(directory.resolve(SDKMAN).resolveSibling("current"), Path.of("21.0.2-graalce"));

        assertThat(found()).isEqualTo(directory.resolve(SDKMAN).toRealPath());
    }

    @Test
    void shouldSayWhatIsMissing() throws IOException {
        release(JAVA_HOME, "25.0.2");
        make(SDKMAN, "21.0.2");
        environment.put("GRAALVM_HOME", "");

        try (OsProcess script = script()) {
            assertThat(script.exitCode()).isEqualTo(1);
            assertThat(script.output())
                    .startsWith("weir: no GraalVM for JDK 25 with native-image is in GRAALVM_HOME, in JAVA_HOME, ")
                    .contains("; JAVA_HOME (" + directory.resolve(JAVA_HOME) + ") has no bin/native-image")
                    .contains("; SDKMAN (" + directory.resolve(SDKMAN) + ") is not for JDK 25")
                    .contains("Install GraalVM");
        }
    }

    private Path found() throws IOException {
        try (OsProcess script = script()) {
            assertThat(script.exitCode()).as(script.output()).isZero();
            return Path.of(script.output().strip()).toRealPath();
        }
    }

    private OsProcess script() {
        String script = Path.of("load-tests/native").toAbsolutePath().toString();
        return OsProcess.start("native", directory, environment, List.of("sh", script, "--home"));
    }

    /** As GraalVM lies there: the program in {@code bin} is a link. */
    private void make(String home, String version) throws IOException {
        release(home, version);
        Path program = directory.resolve(home).resolve("lib/svm/bin/native-image");
        Files.createDirectories(program.getParent());
        Files.createFile(program);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Path bin = Files.createDirectories(directory.resolve(home).resolve("bin"));
        Files.createSymbolicLink(bin.resolve("native-image"), Path.of("../lib/svm/bin/native-image"));
    }

    private void release(String home, String version) throws IOException {
        Path folder = Files.createDirectories(directory.resolve(home));
        Files.writeString(folder.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    }
}
