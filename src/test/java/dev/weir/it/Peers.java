package dev.weir.it;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.weir.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;

/** Where the peers are installed ({@code WEIR_PEERS}, else {@code ~/.local/peers}), and how each is started. */
final class Peers {

    private static final String REQUIRED = "weir.peers";
    private static final Path ROOT = root();

    private Peers() {}

    /** An installed program; skips the test, or fails it with {@code -Dweir.peers=required}, when it is missing. */
    static String program(String name) {
        return existing(ROOT.resolve("bin").resolve(name));
    }

    /** The Python that has OpenTelemetry's SDK. */
    static String python() {
        return existing(ROOT.resolve("venv/bin/python"));
    }

    /** CustomResourceDefinitions, a file each; skips the test, or fails it, when they are missing. */
    static Path definitions() {
        Path folder = ROOT.resolve("crds");
        existing(folder);
        return folder;
    }

    /** JSON schemas of all kinds, {@code GROUP/KIND_VERSION.json}; skips the test, or fails it, when they are missing. */
    static Path schemas() {
        return Path.of(existing(ROOT.resolve("kubeconform")));
    }

    /** Jaeger v2 with its memory store; ports {@code grpc} (OTLP) and {@code query}. */
    static PeerProcess jaeger(Path directory) {
        String program = program("jaeger");
        int[] port = FreePorts.next(4);
        Path config = write(directory, "jaeger.yaml", """
                service:
                  extensions: [jaeger_storage, jaeger_query]
                  pipelines:
                    traces: { receivers: [otlp], exporters: [jaeger_storage_exporter] }
                  telemetry: { metrics: { level: none }, logs: { level: warn } }
                extensions:
                  jaeger_query:
                    storage: { traces: memory }
                    http: { endpoint: "127.0.0.1:%d" }
                    grpc: { endpoint: "127.0.0.1:%d" }
                  jaeger_storage: { backends: { memory: { memory: { max_traces: 1000000 } } } }
                receivers:
                  otlp: { protocols: { grpc: { endpoint: "127.0.0.1:%d" }, http: { endpoint: "127.0.0.1:%d" } } }
                exporters: { jaeger_storage_exporter: { trace_storage: memory } }
                """.formatted(port[0], port[1], port[2], port[3]));
        return PeerProcess.start(
                "jaeger",
                directory,
                List.of(program, "--config", config.toString()),
                "http://127.0.0.1:" + port[0] + "/api/services",
                Map.of("query", port[0], "grpc", port[2], "http", port[3]));
    }

    /** Prometheus 3 with its OTLP receiver; port {@code http}. */
    static PeerProcess prometheus(Path directory) {
        String program = program("prometheus");
        int port = FreePorts.next();
        Path config = write(directory, "prometheus.yml", """
                otlp: { keep_identifying_resource_attributes: true }
                storage: { tsdb: { out_of_order_time_window: 30m } }
                """);
        return PeerProcess.start(
                "prometheus",
                directory,
                List.of(
                        program,
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + directory.resolve("tsdb"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--web.enable-otlp-receiver"),
                "http://127.0.0.1:" + port + "/-/ready",
                Map.of("http", port));
    }

    /**
     * The Collector.
     *
     * @param config everything but the {@code health_check} extension, which must be listed under
     *     {@code service.extensions}
     * @param ports as in {@code config}, for {@link PeerProcess#port}
     */
    static PeerProcess collector(Path directory, String config, Map<String, Integer> ports) {
        String program = program("otelcol-contrib");
        int health = FreePorts.next();
        Path file = write(directory, "otelcol.yaml", """
                extensions:
                  health_check: { endpoint: "127.0.0.1:%d" }
                """.formatted(health) + config);
        return PeerProcess.start(
                "otelcol",
                directory,
                List.of(program, "--config", file.toString()),
                "http://127.0.0.1:" + health,
                ports);
    }

    /** Envoy; the admin interface is added to {@code config}, which must not have one, as port {@code admin}. */
    static PeerProcess envoy(Path directory, String config, Map<String, Integer> ports) {
        String program = program("envoy");
        int admin = FreePorts.next();
        Path file = write(directory, "envoy.yaml", """
                admin: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } }
                """.formatted(admin) + config);
        return PeerProcess.start(
                "envoy",
                directory,
                List.of(program, "-c", file.toString(), "--use-dynamic-base-id", "--concurrency", "1", "-l", "warn"),
                "http://127.0.0.1:" + admin + "/ready",
                with(ports, "admin", admin));
    }

    private static Map<String, Integer> with(Map<String, Integer> ports, String name, int port) {
        Map<String, Integer> more = new HashMap<>(ports);
        more.put(name, port);
        return more;
    }

    static Path write(Path directory, String name, String content) {
        try {
            return Files.writeString(directory.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String existing(Path program) {
        if (!Files.isExecutable(program)) {
            String reason = program + " is not there; load-tests/peers/install installs it";
            if (System.getProperty(REQUIRED, "").equals("required")) {
                return Assertions.fail(reason);
            }
            return abort(reason);
        }
        return program.toString();
    }

    private static Path root() {
        String configured = System.getenv("WEIR_PEERS");
        return configured != null ? Path.of(configured) : Path.of(System.getProperty("user.home"), ".local/peers");
    }
}
