package dev.weir.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that a test started, its output in a file; closing it kills it, and only it. */
final class OsProcess implements AutoCloseable {

    private static final Duration EXIT_WITHIN = Duration.ofSeconds(60);

    private final String name;
    private final Process process;
    private final Path outputFile;

    private OsProcess(String name, Process process, Path outputFile) {
        this.name = name;
        this.process = process;
        this.outputFile = outputFile;
    }

    /**
     * @param name what messages call it
     * @param directory its working directory; its output goes to a file there
     * @param environment put over the environment of the test
     */
    static OsProcess start(String name, Path directory, Map<String, String> environment, List<String> command) {
        try {
            Path outputFile = Files.createTempFile(directory, name + "-", ".log");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(outputFile.toFile());
            builder.environment().keySet().removeIf(variable -> variable.startsWith("WEIR_"));
            builder.environment().putAll(environment);
            return new OsProcess(name, builder.start(), outputFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Everything it has written to its standard output and error so far. */
    String output() {
        try {
            return new String(Files.readAllBytes(outputFile), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Sends a signal by its name, such as {@code STOP}. */
    void signal(String name) {
        Commands.run(outputFile.getParent(), List.of("kill", "-" + name, Long.toString(pid())));
    }

    /** Sends SIGKILL and waits until it is gone. */
    void kill() {
        process.destroyForcibly();
        exitCode();
    }

    /** Waits for its end. */
    int exitCode() {
        try {
            if (!process.waitFor(EXIT_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError(name + " has not ended after " + EXIT_WITHIN + ":\n" + output());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return process.exitValue();
    }

    /** Resident memory in bytes. */
    long residentBytes() {
        return statusKibibytes("VmRSS:") << 10;
    }

    /** The most resident memory it ever had, in bytes. */
    long peakResidentBytes() {
        return statusKibibytes("VmHWM:") << 10;
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }

    private long statusKibibytes(String field) {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(pid()), "status"))) {
            return lines.filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " is gone:\n" + output(), e);
        }
    }
}
