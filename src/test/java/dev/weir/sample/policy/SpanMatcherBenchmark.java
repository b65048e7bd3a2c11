package dev.weir.sample.policy;

import dev.weir.otlp.ViewBenchmark;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Nanoseconds a span of nine attributes: walked by a view alone, and by a view and a matcher. */
public class SpanMatcherBenchmark extends ViewBenchmark {

    @Param({"3", "20"})
    public int policies;

    private final Verdict verdict = new Verdict();
    private SpanMatcher matcher;
    private Rules rules;
    private TestTrace trace;

    @Setup
    public void prepare() {
        fill(i -> request(new Random(i)));
        rules = PolicyTester.file(policies == 3 ? three() : twenty());
        matcher = rules.newMatcher();
        trace = TestTrace.of(rules, span(new Random(1)));
    }

    static String three() {
        return """
                - { name: errors, status: [error] }
                - { name: slow, latency: { at-least: 5s } }
                - { name: pay, string: { key: http.route, values: [/pay] } }
                """;
    }

    static String twenty() {
        return three()
                + """
                - { name: code, number: { key: http.response.status_code, at-least: 500, at-most: 599 } }
                - { name: health, drop: { string: { key: http.route, values: [/health, /ready] } } }
                - { name: debug, boolean: { key: app.debug, value: true } }
                - { name: gold, string: { key: tier, values: [gold] } }
                - { name: shop, string: { key: service.name, in: resource, values: [cart, stock] } }
                - { name: peer, string: { key: network.peer.address, starts-with: 10.99. } }
                - { name: method, string: { key: http.request.method, values: [DELETE, PATCH] } }
                - { name: api, string: { key: http.route, matches: "^/api/v[0-9]+/admin" } }
                - { name: many, span-count: { at-least: 100 } }
                - { name: both, scope: span, and: [ { string: { key: http.route, values: [/a] } }, { status: error } ] }
                - { name: roots, scope: root, latency: { at-least: 1s } }
                """
                + IntStream.range(0, 6)
                        .mapToObj(i -> "- { name: s" + i + ", string: { key: http.route, values: [/x" + i + "] } }")
                        .collect(Collectors.joining("\n"));
    }

    static byte[] request(Random random) {
        ScopeSpans.Builder scope = ScopeSpans.newBuilder();
        for (int i = 0; i < SPANS; i++) {
            scope.addSpans(span(random).span);
        }
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .setResource(TestSpan.span().resource("service.name", "checkout").resource)
                        .addScopeSpans(scope))
                .build()
                .toByteArray();
    }

    static TestSpan span(Random random) {
        return TestSpan.span()
                .name("GET /api/orders/{id}")
                .kind(2)
                .flags(257)
                .from(random.nextInt(100), 100 + random.nextInt(1000))
                .with("http.request.method", "GET")
                .with("http.route", "/api/orders/{id}")
                .with("http.response.status_code", 200)
                .with("server.address", "orders.shop.svc")
                .with("server.port", 8080)
                .with("network.peer.address", "10.42.0." + (10 + random.nextInt(90)))
                .with("url.scheme", "http")
                .with("user_agent.original", "okhttp/4.12.0")
                .with("network.protocol.version", "1.1");
    }

    /** What deciding costs, of a trace that only the last policy keeps. */
    @Benchmark
    public boolean decide() {
        return rules.decide(trace, true, 0, verdict);
    }

    @Benchmark
    @OperationsPerInvocation(SPANS)
    public long viewAndMatch() {
        long sum = 0;
        byte[] request = nextRequest();
        view.reset(request);
        int origin = -1;
        while (view.next()) {
            if (view.scopeStart() != origin) {
                origin = view.scopeStart();
                matcher.origin(request, view.resourceStart(), view.resourceEnd(), origin, view.scopeEnd());
            }
            matcher.span(request, view.spanStart(), view.spanEnd());
            sum += matcher.fields().traceIdLow() ^ matcher.fields().endNanos() ^ matcher.bits(0);
        }
        return sum;
    }
}
