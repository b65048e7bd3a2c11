package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.main.LaunchResult;
import io.quarkus.test.junit.main.QuarkusMainIntegrationTest;
import io.quarkus.test.junit.main.QuarkusMainLauncher;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command that ends by itself, started by the platform: whatever the build has made, jar or native executable. */
@QuarkusMainIntegrationTest
class CheckCommandIT {

    @TempDir
    Path directory;

    @Test
    void shouldFindNothingInASoundConfiguration(QuarkusMainLauncher launcher) {
        Path file = Peers.write(directory, "sound.yaml", "weir:\n  batch: { size: 1MiB }\n");

        LaunchResult result = launcher.launch("check", file.toString());

        assertThat(result.exitCode())
                .as(result.getOutput() + result.getErrorOutput())
                .isZero();
    }

    @Test
    void shouldNameEveryFaultWithItsKeyAndValue(QuarkusMainLauncher launcher) {
        Path file = Peers.write(directory, "faulty.yaml", "weir:\n  batch: { size: lots, aeg: 1s }\n");

        LaunchResult result = launcher.launch("check", file.toString());

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.getOutput() + result.getErrorOutput())
                .contains("weir.batch.size", "lots", "weir.batch.aeg")
                .doesNotContain("\tat ");
    }
}
