package dev.weir.cli;

import dev.weir.app.ConfigFile;
import dev.weir.app.GatewayApplication;
import dev.weir.app.WeirConfig;
import io.quarkus.runtime.Quarkus;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code weir run}. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Starts the gateway. Ends with 1 for a faulty configuration, 2 for a port that cannot be opened,"
                + " 3 if anything was dropped while stopping.")
final class RunCommand implements Callable<Integer> {

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "weir.yaml; else the variable WEIR_CONFIG, else no file and all defaults")
    @Nullable
    Path config;

    @Override
    public Integer call() {
        Path file = config != null ? config : fromEnvironment();
        ConfigFile.Checked checked = ConfigFile.check(file, System.getenv(), SystemProperties.all());
        WeirConfig settings = checked.config();
        if (settings == null) {
            FaultReport.print(file, checked.faults());
            return 1;
        }
        ConfigFile.platformSettings(file, System.getenv()).forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
        settings.telemetry().tracesEndpoint().ifPresent(endpoint -> {
            System.setProperty("quarkus.otel.sdk.disabled", "false");
            System.setProperty("quarkus.otel.exporter.otlp.traces.endpoint", endpoint);
        });
        GatewayApplication.use(checked);
        Quarkus.run(GatewayApplication.class, new Ending());
        return 0;
    }

    private static @Nullable Path fromEnvironment() {
        String file = System.getenv("WEIR_CONFIG");
        return file == null || file.isBlank() ? null : Path.of(file);
    }
}
