package dev.weir.bench;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A gateway to which nobody sends.
 *
 * @param startSeconds until it was ready, median of the starts
 * @param residentBytes after some seconds
 * @param load share of a core
 */
record Standing(Gateway gateway, double startSeconds, double residentBytes, double load) {

    private static final int STARTS = 3;
    private static final int SECONDS = 3;

    static Standing measure(Gateway gateway, List<Sink> sinks) {
        double[] starts = new double[STARTS];
        for (int i = 0; i < STARTS - 1; i++) {
            GatewayProcess process = GatewayProcess.start(gateway, "pass", sinks, "");
            starts[i] = process.startSeconds();
            process.close();
        }
        try (GatewayProcess process = GatewayProcess.start(gateway, "pass", sinks, "")) {
            starts[STARTS - 1] = process.startSeconds();
            pause();
            Map<String, Long> before = process.cpu();
            pause();
            Standing standing = new Standing(
                    gateway,
                    Measured.median(starts),
                    process.residentBytes(),
                    process.cpuSince(before) / 1e9 / SECONDS);
            System.out.println(standing);
            return standing;
        }
    }

    private static void pause() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }
}
