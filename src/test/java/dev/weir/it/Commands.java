package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Programs that run to their end. */
final class Commands {

    private Commands() {}

    /** Runs a program, which has to end with 0; its output. */
    static String run(Path directory, List<String> command) {
        try (OsProcess process =
                OsProcess.start(Path.of(command.getFirst()).getFileName().toString(), directory, Map.of(), command)) {
            assertThat(process.exitCode()).as(process.output()).isZero();
            return process.output();
        }
    }
}
