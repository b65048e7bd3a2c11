package dev.weir.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a measurement ran on. */
final class Machine {

    private Machine() {}

    static String description() {
        String processor = first("/proc/cpuinfo", "model name");
        long cores = lines("/proc/cpuinfo")
                .filter(line -> line.startsWith("processor"))
                .count();
        String memory = first("/proc/meminfo", "MemTotal").replace(" kB", "");
        return "%d cores (%s), %d GiB, Linux %s, Java %s"
                .formatted(
                        cores,
                        processor,
                        Long.parseLong(memory) >> 20,
                        System.getProperty("os.version"),
                        Runtime.version());
    }

    static String loadAverage() {
        return "load average at the start "
                + String.join(
                        ", ", lines("/proc/loadavg").findFirst().orElse("").split(" ", 4)[0]);
    }

    /** Of the work tree, with a plus when it differs. */
    static String commit() {
        try {
            Process process = new ProcessBuilder("git", "describe", "--always", "--dirty=+", "--abbrev=7")
                    .redirectErrorStream(true)
                    .start();
            return new String(process.getInputStream().readAllBytes()).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static String first(String file, String field) {
        return lines(file)
                .filter(line -> line.startsWith(field))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("?");
    }

    private static java.util.stream.Stream<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file)).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
