package dev.weir.bench;

import dev.weir.bench.Load.Kind;
import dev.weir.bench.Load.Protocol;
import dev.weir.it.EnvoyTraffic;
import java.util.List;
import java.util.Map;

/**
 * What is measured by blocks.
 *
 * @param title what the table calls it
 * @param config of the gateways; scenarios of one config follow each other on the same processes
 * @param rate items a second, two thirds to four fifths of what the slowest gateway can bear on one core, else less
 * @param maximum whether the greatest rate is looked for too
 * @param inShort whether it belongs to the short form
 */
record Scenario(
        String name,
        String title,
        String config,
        Load load,
        int rate,
        Expectation expectation,
        Map<String, String> headers,
        boolean maximum,
        boolean inShort) {

    private static final int HELD_SECONDS = 6;
    private static final Expectation ALL = new Expectation(1, 0, false);
    private static final Expectation TENTH = new Expectation(0.1, 0, false);
    private static final Expectation TENTH_HELD = new Expectation(0.1, HELD_SECONDS, false);
    private static final Expectation ALL_BUT_REFUSED = new Expectation(1, 0, true);
    private static final Map<String, String> SIDECAR = Map.of(EnvoyTraffic.HEADER, EnvoyTraffic.HEADER_VALUE);

    /** Sorted by config. */
    static final List<Scenario> EVERY = List.of(
            of("pass-512", "traces, 512 spans a request, gRPC", "pass", sdk(512), 150_000, ALL, true, true),
            of("pass-100", "traces, 100 a request, gRPC", "pass", sdk(100), 100_000, ALL, false, true),
            of("pass-5", "traces, 5 a request, gRPC", "pass", sdk(5), 15_000, ALL, false, false),
            of("pass-10k", "traces, 100 a request, 10,000 spans/s, gRPC", "pass", sdk(100), 10_000, ALL, false, false),
            of(
                    "logs",
                    "logs, 512 records a request, gRPC",
                    "pass",
                    grpc(Kind.LOGS, 512, 2),
                    100_000,
                    ALL,
                    false,
                    false),
            of(
                    "metrics",
                    "metrics, 500 data points a request, gRPC",
                    "pass",
                    grpc(Kind.METRICS, 500, 2),
                    60_000,
                    ALL,
                    false,
                    false),
            of("http-512", "traces, 512 a request, HTTP", "http", http(512), 100_000, ALL, false, false),
            of(
                    "gzip-512",
                    "traces, 512 a request, gRPC, gzip in and out",
                    "gzip",
                    gzip(512),
                    40_000,
                    ALL,
                    false,
                    false),
            new Scenario(
                    "envoy-5",
                    "Envoy's traces, 5 a request, gRPC; Weir enriches",
                    "envoy",
                    envoy(false),
                    20_000,
                    ALL,
                    SIDECAR,
                    true,
                    true),
            of("ratio-512", "ratio 10 %, 512 a request, gRPC", "ratio", sdk(512), 100_000, TENTH, false, false),
            of(
                    "tail-512",
                    "tail 10 %, three policies, 512 a request",
                    "tail3",
                    sdk(512),
                    60_000,
                    TENTH_HELD,
                    false,
                    true),
            of(
                    "tail-scattered-100",
                    "tail 10 %, three policies, traces scattered, 100 a request",
                    "tail3",
                    scattered(100),
                    30_000,
                    TENTH_HELD,
                    false,
                    false),
            new Scenario(
                    "tail-envoy-5",
                    "tail 10 %, three policies, Envoy's traces scattered, 5 a request",
                    "tail3",
                    envoy(true),
                    10_000,
                    TENTH_HELD,
                    SIDECAR,
                    false,
                    false),
            of(
                    "tail20-512",
                    "tail 10 %, twenty policies, 512 a request",
                    "tail20",
                    sdk(512),
                    60_000,
                    TENTH_HELD,
                    false,
                    false),
            of(
                    "fanout-512",
                    "three destinations, one down, 512 a request",
                    "fanout",
                    sdk(512),
                    40_000,
                    ALL_BUT_REFUSED,
                    false,
                    false));

    /** Of a name. @throws IllegalArgumentException when there is none */
    static Scenario named(String name) {
        return EVERY.stream()
                .filter(scenario -> scenario.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no scenario " + name + "; there are "
                        + EVERY.stream().map(Scenario::name).toList()));
    }

    /** What the long form leaves out, so that it stays within half an hour. */
    boolean inAll() {
        return !name.equals("pass-5") && !name.equals("gzip-512");
    }

    /** Requests that warm a gateway up: of the same kind, but small, so that each does more often what is done for one. */
    Load warmUp() {
        return load.withItems(Math.min(load.items(), 20));
    }

    private static Scenario of(
            String name,
            String title,
            String config,
            Load load,
            int rate,
            Expectation expectation,
            boolean maximum,
            boolean inShort) {
        return new Scenario(name, title, config, load, rate, expectation, Map.of(), maximum, inShort);
    }

    private static Load sdk(int items) {
        return grpc(Kind.SDK_SPANS, items, items < 10 ? 8 : 2);
    }

    private static Load grpc(Kind kind, int items, int connections) {
        return new Load(kind, items, false, Protocol.GRPC, false, connections);
    }

    private static Load http(int items) {
        return new Load(Kind.SDK_SPANS, items, false, Protocol.HTTP, false, 8);
    }

    private static Load gzip(int items) {
        return new Load(Kind.SDK_SPANS, items, false, Protocol.GRPC, true, 2);
    }

    private static Load scattered(int items) {
        return new Load(Kind.SDK_SPANS, items, true, Protocol.GRPC, false, 10);
    }

    private static Load envoy(boolean scattered) {
        return new Load(Kind.ENVOY_SPANS, 5, scattered, Protocol.GRPC, false, 10);
    }
}
