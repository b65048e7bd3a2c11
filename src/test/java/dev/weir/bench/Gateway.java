package dev.weir.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The gateways that are measured. Their configurations stand in {@code load-tests/peers/config/<gateway>}. */
enum Gateway {
    /** As {@code ./weir run} starts it. */
    WEIR("/q/health/ready", "yaml"),
    /** The native executable, {@code target/weir-runner}, with the configurations of {@link #WEIR}. */
    NATIVE("/q/health/ready", "yaml"),
    OTELCOL("/", "yaml"),
    /** Configured by variables; ready as soon as it takes connections. */
    ROTEL("", "env");

    private static final Path CONFIGS = Path.of("load-tests/peers/config");

    private final String readyPath;
    private final String extension;

    Gateway(String readyPath, String extension) {
        this.readyPath = readyPath;
        this.extension = extension;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean isOurs() {
        return this == WEIR || this == NATIVE;
    }

    String readyPath() {
        return readyPath;
    }

    /** Exists when the gateway can do what is asked. */
    Path config(String name) {
        return CONFIGS.resolve(isOurs() ? "weir" : label()).resolve(name + '.' + extension);
    }

    boolean isInstalled() {
        return Files.isExecutable(program());
    }

    private Path program() {
        return switch (this) {
            case WEIR -> Path.of("weir").toAbsolutePath();
            case NATIVE -> Path.of("target/weir-runner").toAbsolutePath();
            case OTELCOL -> peers().resolve("bin/otelcol-contrib");
            case ROTEL -> peers().resolve("bin/rotel");
        };
    }

    private static Path peers() {
        String configured = System.getenv("WEIR_PEERS");
        return configured != null ? Path.of(configured) : Path.of(System.getProperty("user.home"), ".local/peers");
    }

    List<String> command(Path config) {
        String program = program().toString();
        return switch (this) {
            case WEIR, NATIVE -> List.of(program, "run", "--config", config.toString());
            case OTELCOL -> List.of(program, "--config", config.toString());
            case ROTEL -> List.of(program, "start");
        };
    }

    Map<String, String> environment(String config, int adminPort, String options) {
        Map<String, String> variables = new HashMap<>();
        if (isOurs()) {
            variables.put("QUARKUS_HTTP_PORT", Integer.toString(adminPort));
            variables.put("QUARKUS_HTTP_HOST", "127.0.0.1");
            variables.put("MALLOC_ARENA_MAX", "2");
            variables.put("JAVA_HOME", System.getProperty("java.home"));
            if (!options.isEmpty()) {
                variables.put("WEIR_JAVA_OPTS", options);
            }
        } else if (this == ROTEL) {
            config.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(line ->
                            variables.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        }
        return variables;
    }

    /** What it says of its version. */
    String version() {
        try {
            Process process = new ProcessBuilder(program().toString(), "--version")
                    .redirectErrorStream(true)
                    .start();
            String text = new String(process.getInputStream().readAllBytes()).strip();
            process.waitFor(30, TimeUnit.SECONDS);
            return text.lines().findFirst().orElse("?").replaceAll(", built .*", ")");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "?";
        }
    }
}
