package dev.weir.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Checks what stands in a file. */
abstract class ConfigFileFixture {

    @TempDir
    Path folder;

    List<String> faults(String yaml) throws IOException {
        return ConfigFile.check(file(yaml), Map.of(), Map.of()).faults();
    }

    Path file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("weir.yaml"), yaml);
    }
}
