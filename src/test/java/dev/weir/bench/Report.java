package dev.weir.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** What was measured, as Markdown and as JSON. */
final class Report {

    private static final String BEGIN = "<!-- bench:begin -->";
    private static final String END = "<!-- bench:end -->";
    private static final double MEBIBYTE = 1 << 20;

    private record Held(Gateway gateway, String config, double bytesPerSpan) {}

    private final List<String> head = new ArrayList<>();
    private final List<Measured> scenarios = new ArrayList<>();
    private final List<Standing> standing = new ArrayList<>();
    private final List<Held> held = new ArrayList<>();

    void describe(Options options) {
        head.add("- " + Instant.now().truncatedTo(ChronoUnit.MINUTES) + ", commit " + Machine.commit());
        head.add("- " + Machine.description());
        head.add("- " + Machine.loadAverage()
                + "; blocks of %.0f s, %d rounds, JVM warmed up for at most %d s"
                        .formatted(options.seconds(), options.rounds(), options.warmUpSeconds()));
        options.gateways().stream()
                .distinct()
                .forEach(gateway -> head.add("- " + gateway.label() + ": " + gateway.version()));
        head.forEach(System.out::println);
    }

    void add(Measured measured) {
        scenarios.add(measured);
    }

    void add(Standing measured) {
        standing.add(measured);
    }

    void addHeld(Gateway gateway, String config, double bytesPerSpan) {
        held.add(new Held(gateway, config, bytesPerSpan));
    }

    /** Whether every gateway has a block that counts in every scenario. */
    boolean isComplete() {
        return scenarios.stream()
                .allMatch(measured -> measured.gateways().stream()
                        .allMatch(gateway -> measured.results(gateway).stream().anyMatch(Result::counts)));
    }

    String markdown() {
        StringBuilder text = new StringBuilder(String.join("\n", head)).append("\n\n");
        if (!scenarios.isEmpty()) {
            text.append("""
                    | scenario | gateway | items/s | c | µs a request | c over Weir's | resident MiB, median, peak | ack ms, p50, p99 | refused | hashes |
                    |---|---|---|---|---|---|---|---|---|---|
                    """);
            scenarios.forEach(measured -> measured.gateways().forEach(gateway -> row(text, measured, gateway)));
            text.append("\nGenerator and sink used at most %.0f %% of their core in these blocks.%n"
                    .formatted(100 * generator()));
        }
        if (scenarios.stream()
                .anyMatch(measured ->
                        measured.gateways().stream().anyMatch(gateway -> measured.maximum(gateway) != null))) {
            text.append("""

                    | scenario | gateway | greatest items/s | c there | ack ms at half of it, p50, p99 | resident MiB, peak |
                    |---|---|---|---|---|---|
                    """);
            scenarios.forEach(measured -> measured.gateways().forEach(gateway -> maximum(text, measured, gateway)));
        }
        sizing(text);
        if (!standing.isEmpty()) {
            text.append("\n| gateway | start to ready, s | idle, MiB | idle, % of a core |\n|---|---|---|---|\n");
            standing.forEach(one -> text.append("| %s | %.2f | %.0f | %.2f |%n"
                    .formatted(
                            one.gateway().label(),
                            one.startSeconds(),
                            one.residentBytes() / MEBIBYTE,
                            100 * one.load())));
        }
        if (!held.isEmpty()) {
            text.append("\n| gateway | bytes of memory a held span of 410 |\n|---|---|\n");
            held.forEach(one -> text.append("| %s%s | %.0f (%.2f ×) |%n"
                    .formatted(
                            one.gateway.label(),
                            one.config.endsWith("compressed") ? ", compressed" : "",
                            one.bytesPerSpan,
                            one.bytesPerSpan / 410)));
        }
        return text.toString();
    }

    private static void row(StringBuilder text, Measured measured, GatewayProcess gateway) {
        List<Result> blocks = measured.results(gateway);
        long refused = blocks.stream().mapToLong(Result::refused).sum();
        long sent = blocks.stream().mapToLong(Result::sent).sum();
        List<String> faults = blocks.stream()
                .filter(block -> !block.counts())
                .map(Result::fault)
                .toList();
        boolean isFirst = gateway == measured.gateways().getFirst();
        text.append("| %s | %s | %,d | %.2f | %.0f | %s | %.0f, %.0f | %.1f, %.1f | %s | %s |%n"
                .formatted(
                        isFirst ? measured.scenario().title() : "",
                        gateway.gateway().label(),
                        measured.scenario().rate(),
                        measured.c(gateway),
                        measured.median(gateway, Result::microsPerRequest),
                        isFirst ? "" : ratios(measured.ratios(gateway)),
                        measured.median(gateway, Result::resident) / MEBIBYTE,
                        measured.median(gateway, Result::peak) / MEBIBYTE,
                        measured.median(gateway, Result::ack50),
                        measured.median(gateway, Result::ack99),
                        refused == 0 ? "0" : "%.1f %%".formatted(100.0 * refused / sent),
                        faults.isEmpty()
                                ? "equal"
                                : "%d of %d blocks void: %s"
                                        .formatted(faults.size(), blocks.size(), faults.getFirst())));
    }

    private double generator() {
        return scenarios.stream()
                .flatMap(
                        measured -> measured.gateways().stream().flatMap(gateway -> measured.results(gateway).stream()))
                .filter(Result::counts)
                .mapToDouble(Result::generator)
                .max()
                .orElse(Double.NaN);
    }

    /** How many cores of the first gateway the scenarios' loads need. */
    private void sizing(StringBuilder text) {
        if (scenarios.isEmpty()) {
            return;
        }
        text.append("""

                | load | items/s that a core bears at half of its time | cores for 10,000/s | 100,000/s | 1,000,000/s |
                |---|---|---|---|---|
                """);
        for (Measured measured : scenarios) {
            double c = measured.c(measured.gateways().getFirst());
            if (!Double.isNaN(c)) {
                text.append("| %s | %,.0f | %.2f | %.1f | %.0f |%n"
                        .formatted(
                                measured.scenario().title(),
                                0.5e6 / c,
                                1e4 * c / 0.5e6,
                                1e5 * c / 0.5e6,
                                Math.ceil(1e6 * c / 0.5e6)));
            }
        }
    }

    private static String ratios(double[] ratios) {
        return ratios.length == 0
                ? ""
                : "**%.1f** (%.1f–%.1f)".formatted(Measured.median(ratios), ratios[0], ratios[ratios.length - 1]);
    }

    private static void maximum(StringBuilder text, Measured measured, GatewayProcess gateway) {
        MaxRate search = measured.maximum(gateway);
        if (search == null) {
            return;
        }
        Result best = search.best();
        Result half = search.half();
        text.append("| %s | %s | %s | %s | %s | %s |%n"
                .formatted(
                        gateway == measured.gateways().getFirst()
                                ? measured.scenario().title()
                                : "",
                        gateway.gateway().label(),
                        best == null
                                ? "none"
                                : (search.isGeneratorLimited() ? "at least " : "") + "%,.0f".formatted(best.rate()),
                        best == null ? "" : "%.2f".formatted(best.c()),
                        half == null ? "" : "%.1f, %.1f".formatted(half.ack50(), half.ack99()),
                        best == null ? "" : "%.0f".formatted(best.peak() / MEBIBYTE)));
    }

    /** Everything, each block by itself. */
    String json() {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode();
        head.forEach(root.withArray("about")::add);
        for (Measured measured : scenarios) {
            ObjectNode scenario = root.withArray("scenarios").addObject();
            scenario.put("name", measured.scenario().name());
            for (GatewayProcess gateway : measured.gateways()) {
                ObjectNode one = scenario.withArray("gateways").addObject();
                one.put("gateway", gateway.gateway().label());
                one.put("c", measured.c(gateway));
                ArrayNode ratios = one.putArray("ratios");
                for (double ratio : measured.ratios(gateway)) {
                    ratios.add(ratio);
                }
                measured.results(gateway)
                        .forEach(result -> one.withArray("blocks").addPOJO(result));
                MaxRate maximum = measured.maximum(gateway);
                if (maximum != null) {
                    one.putPOJO("maximum", maximum.best());
                    one.putPOJO("half", maximum.half());
                }
            }
        }
        standing.forEach(one -> root.withArray("standing").addPOJO(one));
        held.forEach(one -> root.withArray("held").addPOJO(one));
        try {
            return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Puts the table between the page's markers. @throws IllegalArgumentException when it has none */
    static void write(Path page, String table) throws IOException {
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException(page + " has no " + BEGIN + " … " + END);
        }
        Files.writeString(page, text.substring(0, begin + BEGIN.length()) + "\n" + table + text.substring(end));
    }
}
