package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small requests beside a sender of big JSON; how long they take is measured by {@code load-tests/big-sender}. */
class BigSenderIT {

    private static final int BODY_BYTES = 24 << 20;
    private static final int BODIES = 4;
    private static final int OK = 200;
    private static final int TOO_LATE_OR_BUSY = 503;

    @TempDir
    Path directory;

    /** With either collector of the launcher. */
    @ParameterizedTest
    @ValueSource(ints = {512, 1024})
    void shouldAnswerAllSmallRequestsAndLoseNothing(int limitMebibytes) {
        // Given
        BigJson big = BigJson.of(BODY_BYTES);
        try (WeirProcess weir = WeirProcess.start(
                        directory,
                        "memory: { limit: " + limitMebibytes + "MiB }",
                        Map.of(),
                        WeirProcess.jvmOptionsFor(limitMebibytes));
                OtlpClient client = new OtlpClient(weir.grpcPort())) {
            // When
            CompletableFuture<int[]> answers = CompletableFuture.supplyAsync(() -> IntStream.range(0, BODIES)
                    .map(i -> Http.post(weir.httpUrl() + "/v1/traces", "application/json", big.body())
                            .statusCode())
                    .toArray());
            long small = 0;
            while (!answers.isDone() || small == 0) {
                client.export(Samples.spans("small", 5)); // throws when it is refused
                small += 5;
            }

            // Then what was answered in time is there; the rest was taken or not, but whole
            int[] statuses = answers.join();
            assertThat(IntStream.of(statuses).boxed().toList())
                    .isSubsetOf(OK, TOO_LATE_OR_BUSY)
                    .contains(OK);
            weir.awaitBalancedLedger();
            long received = weir.status().at("/pipeline/traces/received").asLong();
            long accepted =
                    IntStream.of(statuses).filter(status -> status == OK).count();
            assertThat((received - small) % big.spans()).isZero();
            assertThat((received - small) / big.spans()).isBetween(accepted, (long) BODIES);
        }
    }
}
