package dev.weir.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Puts measurements together; started by {@code load-tests/bench}. */
final class Bench {

    /** Milliseconds: a generator that is later than this had no core of its own. */
    private static final double LATEST = 50;

    private static final long SECOND = 1_000_000_000;

    private final Options options;
    private final Report report = new Report();
    private final Loop loop = new Loop();
    private final List<Sink> sinks = List.of(new Sink(loop), new Sink(loop));

    private Bench(Options options) {
        this.options = options;
    }

    /** See {@link Options}. */
    public static void main(String[] arguments) throws IOException {
        Locale.setDefault(Locale.ROOT);
        Options options;
        try {
            options = Options.of(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(2);
            return;
        }
        Report report = new Bench(options).run();
        Path directory = Files.createDirectories(Path.of("target/bench"));
        Files.writeString(directory.resolve("report.json"), report.json());
        Files.writeString(directory.resolve("report.md"), report.markdown());
        System.out.println();
        System.out.println(report.markdown());
        if (options.page() != null) {
            Report.write(options.page(), report.markdown());
        }
        System.exit(report.isComplete() ? 0 : 1);
    }

    private Report run() {
        report.describe(options);
        Map<String, List<Scenario>> groups = new LinkedHashMap<>();
        options.scenarios()
                .forEach(scenario -> groups.computeIfAbsent(scenario.config(), c -> new ArrayList<>())
                        .add(scenario));
        if (options.standing()) {
            for (Gateway gateway : options.gateways()) {
                report.add(Standing.measure(gateway, sinks));
            }
        }
        groups.forEach(this::group);
        if (options.standing()) {
            report.addHeld(Gateway.WEIR, "held", new HeldMemory(loop, sinks).bytesPerSpan(Gateway.WEIR, "held"));
            report.addHeld(
                    Gateway.WEIR,
                    "held-compressed",
                    new HeldMemory(loop, sinks).bytesPerSpan(Gateway.WEIR, "held-compressed"));
            if (options.gateways().contains(Gateway.OTELCOL)) {
                report.addHeld(
                        Gateway.OTELCOL, "held", new HeldMemory(loop, sinks).bytesPerSpan(Gateway.OTELCOL, "held"));
            }
        }
        loop.close();
        return report;
    }

    private void group(String config, List<Scenario> scenarios) {
        List<GatewayProcess> gateways = new ArrayList<>();
        List<Sink> used = config.equals("fanout") ? sinks : sinks.subList(0, 1);
        Block block =
                new Block(loop, used, System.nanoTime(), options.busyMachine() ? Double.POSITIVE_INFINITY : LATEST);
        try {
            for (Gateway gateway : options.gateways()) {
                if (Files.exists(gateway.config(config))) {
                    gateways.add(GatewayProcess.start(gateway, config, sinks, options.jvmOptions()));
                }
            }
            for (Scenario scenario : scenarios) {
                measure(scenario, gateways, block, scenario == scenarios.getFirst());
            }
        } finally {
            gateways.forEach(GatewayProcess::close);
        }
    }

    private void measure(Scenario scenario, List<GatewayProcess> gateways, Block block, boolean first) {
        System.out.printf("%n%s: %s%n", scenario.name(), scenario.title());
        for (GatewayProcess gateway : gateways) {
            int seconds = options.warmUp(gateway.gateway(), first);
            double compiling = block.warmUp(gateway, scenario, seconds);
            if (gateway.gateway() == Gateway.WEIR) {
                System.out.printf("warmed up: %.0f %% compiling%n", 100 * compiling);
            }
        }
        Recording recording =
                options.recording() == null ? null : Recording.begin(gateways.getFirst(), options.recording());
        Measured measured = new Measured(scenario, gateways);
        for (int i = 0; i < options.rounds(); i++) {
            for (GatewayProcess gateway : gateways) {
                measured.add(gateway, run(scenario, gateway, block, options.rate(scenario), options.seconds()));
            }
            for (GatewayProcess gateway : gateways.reversed()) {
                measured.add(gateway, run(scenario, gateway, block, options.rate(scenario), options.seconds()));
            }
        }
        if (recording != null) {
            recording.end();
        }
        if (scenario.maximum() && options.maximum()) {
            for (GatewayProcess gateway : gateways) {
                MaxRate search = new MaxRate((rate, seconds) -> {
                    Result result = run(scenario, gateway, block, rate, seconds);
                    if (!result.counts()) {
                        // its senders may try again what they had given up
                        block.settle(0, 6 * SECOND);
                    }
                    return result;
                });
                search.from(measured.c(gateway));
                measured.addMaximum(gateway, search);
            }
        }
        report.add(measured);
    }

    private static Result run(Scenario scenario, GatewayProcess gateway, Block block, int rate, double seconds) {
        Result result = block.run(gateway, scenario.load(), scenario.headers(), rate, seconds, scenario.expectation());
        System.out.println(result);
        return result;
    }
}
