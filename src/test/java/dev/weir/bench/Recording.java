package dev.weir.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The Flight Recorder in a gateway's JVM: CPU time and allocation of what runs between two moments. */
final class Recording {

    private final GatewayProcess gateway;
    private final Path file;
    private final Map<String, Long> cpuBefore;

    private Recording(GatewayProcess gateway, Path file) {
        this.gateway = gateway;
        this.file = file;
        this.cpuBefore = gateway.cpu();
    }

    static Recording begin(GatewayProcess gateway, Path file) {
        jcmd(
                gateway,
                "JFR.start",
                "name=bench",
                "settings=profile",
                "jdk.CPUTimeSample#enabled=true",
                "jdk.CPUTimeSample#throttle=500/s");
        return new Recording(gateway, file);
    }

    /** Writes the file, and prints which threads took the CPU. */
    void end() {
        Map<String, Long> byName = new TreeMap<>();
        gateway.cpu()
                .forEach((thread, nanos) -> byName.merge(
                        gateway.threadName(thread), nanos - cpuBefore.getOrDefault(thread, 0L), Long::sum));
        long all = byName.values().stream().mapToLong(Long::longValue).sum();
        System.out.println("\nCPU by thread");
        byName.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(10)
                .forEach(entry -> System.out.printf("%6.1f %%  %s%n", 100.0 * entry.getValue() / all, entry.getKey()));
        jcmd(gateway, "JFR.stop", "name=bench", "filename=" + file);
    }

    private static void jcmd(GatewayProcess gateway, String... command) {
        List<String> words = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(gateway.pid())));
        words.addAll(List.of(command));
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes());
            if (process.waitFor() != 0) {
                throw new IllegalStateException(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
