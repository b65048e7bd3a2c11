package dev.weir.it;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Tests of Weir behind a chain of Envoys, one for all of a class. */
abstract class BehindEnvoys {

    static EnvoyChain chain;

    @BeforeAll
    static void start(@TempDir Path directory) {
        chain = new EnvoyChain(directory, EnvoyChain.MESH);
    }

    @AfterAll
    static void stop() {
        chain.close();
    }
}
