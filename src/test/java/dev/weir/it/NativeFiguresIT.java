package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What the native executable is for: how soon it is ready, and how little it takes while nothing comes. */
@EnabledIfSystemProperty(named = "weir.native", matches = ".+")
class NativeFiguresIT {

    private static final int STARTS = 5;
    private static final Duration READY_WITHIN = Duration.ofMillis(100);
    private static final long IDLE_BYTES = 70L << 20;
    private static final Duration SETTLED_AFTER = Duration.ofSeconds(5);

    @TempDir
    Path directory;

    private final int[] port = FreePorts.next(3);
    private final String health = "http://127.0.0.1:" + port[2] + "/q/health/ready";

    @Test
    void shouldBeReadyAtOnce() throws IOException {
        long[] took = new long[STARTS];
        for (int i = 0; i < STARTS; i++) {
            try (OsProcess weir = start()) {
                took[i] = untilReady(weir);
                weir.terminate();
                assertThat(weir.exitCode()).as(weir.output()).isZero();
            }
        }

        String all = Arrays.toString(took) + " µs";
        System.out.println("start to ready, without waiting for a processor: " + all);
        Arrays.sort(took);
        assertThat(took[STARTS / 2]).as(all).isLessThan(READY_WITHIN.toNanos() / 1000);
    }

    @Test
    void shouldTakeLittleMemoryWhileNothingComes() throws IOException {
        try (OsProcess weir = start()) {
            untilReady(weir);

            await().pollDelay(SETTLED_AFTER).until(weir::isAlive);

            System.out.printf("idle: %.1f MiB%n", weir.residentBytes() / 1048576.0);
            assertThat(weir.residentBytes()).isLessThan(IDLE_BYTES);
        }
    }

    private OsProcess start() {
        return WeirProcess.launch(
                directory,
                Map.of(
                        "WEIR_RECEIVE_GRPC_PORT", Integer.toString(port[0]),
                        "WEIR_RECEIVE_HTTP_PORT", Integer.toString(port[1]),
                        "QUARKUS_HTTP_PORT", Integer.toString(port[2]),
                        "WEIR_SHUTDOWN_DELAY", "0s",
                        "MALLOC_ARENA_MAX", "2"),
                "run");
    }

    /**
     * Microseconds since it was started, but for those in which its first thread could have run and got no processor: on a
     * machine that does other work as well this would measure that work.
     */
    private long untilReady(OsProcess weir) throws IOException {
        long begun = System.nanoTime();
        await().pollInterval(Duration.ofMillis(1))
                .failFast(() -> assertThat(weir.isAlive()).as(weir.output()).isTrue())
                .until(() -> Http.isOk(health));
        return (System.nanoTime() - begun - waited(weir)) / 1000;
    }

    /** Of the kernel's {@code schedstat}: time on a processor, time in the queue for one, turns; in nanoseconds. */
    private static long waited(OsProcess weir) throws IOException {
        String statistics = Files.readString(Path.of("/proc", Long.toString(weir.pid()), "schedstat"));
        return Long.parseLong(statistics.split(" ")[1]);
    }
}
