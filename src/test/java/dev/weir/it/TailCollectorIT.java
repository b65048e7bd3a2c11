package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.util.concurrent.Futures;
import dev.weir.FreePorts;
import io.grpc.Server;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same 200,000 spans of 20,000 traces through Weir and through the Collector's {@code tail_sampling}, with the same nine
 * policies: both keep the same traces, and these whole.
 *
 * <p>Where both mean the same. Weir takes the first policy that matches, after those that drop; the Collector keeps a trace
 * for which any policy votes, unless one drops it. All policies here keep everything they match, so that it does not matter
 * which is the first. The Collector's {@code latency} is over its threshold, in whole milliseconds: over 300 is from 301 ms
 * on; with an upper bound it goes by the spans' order, so there is none. Its {@code numeric_attribute} reads integers, and
 * takes what is none for 0, as its {@code boolean_attribute} takes for false what is no boolean: neither is asked for. Both
 * look at the attributes of spans and resources.
 *
 * <p>Does not prove anything about shares: the Collector draws its dice by a hash of its own.
 */
class TailCollectorIT {

    private static final int ROUNDS = 20;
    private static final int WAIT_SECONDS = 10;

    @TempDir
    Path directory;

    @Test
    void shouldKeepTheTracesThatTheCollectorKeeps() throws Exception {
        // Given
        SpansByTrace sent = new SpansByTrace();
        SpansByTrace kept = new SpansByTrace();
        SpansByTrace keptThere = new SpansByTrace();
        Server sink = RawOtlp.sink(kept::add);
        Server sinkThere = RawOtlp.sink(keptThere::add);
        try (WeirProcess weir = weir(sink.getPort());
                PeerProcess collector = collector(sinkThere.getPort());
                OtlpClient toWeir = new OtlpClient(weir.grpcPort());
                OtlpClient toCollector = new OtlpClient(collector.port("grpc"))) {
            // When
            MixedTraffic traffic = new MixedTraffic(20_000);
            for (int i = 0; i < ROUNDS; i++) {
                for (ExportTraceServiceRequest request : traffic.round()) {
                    Futures.allAsList(toWeir.exportLater(request), toCollector.exportLater(request))
                            .get();
                    sent.add(request);
                }
            }
            weir.awaitBalancedLedger();

            // Then
            assertThat(sent.spanCount()).isEqualTo(ROUNDS * MixedTraffic.SPANS_A_ROUND);
            assertThat(weir.metric("weir_received_items_total", "signal=\"traces\""))
                    .isEqualTo(sent.spanCount());
            assertThat(kept.difference(sent.only(kept.traces())))
                    .as("kept in part")
                    .isEmpty();
            assertEveryPolicyCounts(weir);

            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(kept.difference(keptThere)).isEmpty());
            collector.stop(); // decides and sends what it may still hold
            assertThat(kept.difference(keptThere)).as("here and there").isEmpty();
        } finally {
            sink.shutdownNow();
            sinkThere.shutdownNow();
        }
    }

    /** Each has decided some: of a policy that never matches, equality says nothing. */
    private static void assertEveryPolicyCounts(WeirProcess weir) {
        JsonNode policies = Http.getJson(weir.adminUrl("/api/policies")).path("policies");
        assertThat(policies).hasSize(9).allSatisfy(policy -> {
            assertThat(policy.path("matched").asLong()).as(policy.toString()).isBetween(20L, 4000L);
            if (!policy.path("drop").asBoolean()) {
                assertThat(policy.path("kept").asLong()).as(policy.toString()).isGreaterThan(20);
            }
        });
    }

    private WeirProcess weir(int sinkPort) {
        return WeirProcess.startWithTail(directory, """
                sample:
                  tail:
                    decision-wait: %ds
                    decision-wait-after-root: %ds
                    policies:
                      - { name: health, drop: { string: { key: url.path, values: [/health] } } }
                      - { name: tested, drop: { and: [ { string: { key: tenant, values: [test] } }, { not: { status: [ok] } } ] } }
                      - { name: errors, status: [error] }
                      - { name: slow, latency: { at-least: 301ms } }
                      - { name: paid, string: { key: payment.kind, values: [card, voucher] } }
                      - { name: debug, boolean: { key: app.debug, value: true } }
                      - { name: failed, number: { key: http.response.status_code, at-least: 500, at-most: 599 } }
                      - { name: large, span-count: { at-least: 16, at-most: 17 } }
                      - name: old-gold
                        and:
                          - or: [ { string: { key: service.name, values: [legacy] } }, { string: { key: plan, values: [gold] } } ]
                          - latency: { at-least: 101ms }
                          - not: { status: [ok] }
                export:
                  sink: { protocol: grpc, endpoint: "http://127.0.0.1:%d", signals: [traces] }
                """.formatted(WAIT_SECONDS, WAIT_SECONDS, sinkPort));
    }

    private PeerProcess collector(int sinkPort) {
        int port = FreePorts.next();
        return Peers.collector(directory, """
                receivers: { otlp: { protocols: { grpc: { endpoint: "127.0.0.1:%d" } } } }
                processors:
                  tail_sampling:
                    decision_wait: %ds
                    num_traces: 100000
                    policies:
                      - name: health
                        type: drop
                        drop: { drop_sub_policy: [ { name: h, type: string_attribute, string_attribute: { key: url.path, values: [/health] } } ] }
                      - name: tested
                        type: drop
                        drop:
                          drop_sub_policy:
                            - { name: t, type: string_attribute, string_attribute: { key: tenant, values: [test] } }
                            - { name: n, type: not, not: { not_sub_policy: { name: o, type: status_code, status_code: { status_codes: [OK] } } } }
                      - { name: errors, type: status_code, status_code: { status_codes: [ERROR] } }
                      - { name: slow, type: latency, latency: { threshold_ms: 300 } }
                      - { name: paid, type: string_attribute, string_attribute: { key: payment.kind, values: [card, voucher] } }
                      - { name: debug, type: boolean_attribute, boolean_attribute: { key: app.debug, value: true } }
                      - { name: failed, type: numeric_attribute, numeric_attribute: { key: http.response.status_code, min_value: 500, max_value: 599 } }
                      - { name: large, type: span_count, span_count: { min_spans: 16, max_spans: 17 } }
                      - name: old
                        type: and
                        and:
                          and_sub_policy:
                            - { name: s, type: string_attribute, string_attribute: { key: service.name, values: [legacy] } }
                            - { name: l, type: latency, latency: { threshold_ms: 100 } }
                            - { name: n, type: not, not: { not_sub_policy: { name: o, type: status_code, status_code: { status_codes: [OK] } } } }
                      - name: gold
                        type: and
                        and:
                          and_sub_policy:
                            - { name: p, type: string_attribute, string_attribute: { key: plan, values: [gold] } }
                            - { name: l, type: latency, latency: { threshold_ms: 100 } }
                            - { name: n, type: not, not: { not_sub_policy: { name: o, type: status_code, status_code: { status_codes: [OK] } } } }
                  batch: { timeout: 200ms }
                exporters: { otlp_grpc: { endpoint: "127.0.0.1:%d", compression: none, tls: { insecure: true } } }
                service:
                  extensions: [health_check]
                  telemetry: { metrics: { level: none } }
                  pipelines: { traces: { receivers: [otlp], processors: [tail_sampling, batch], exporters: [otlp_grpc] } }
                """.formatted(port, WAIT_SECONDS, sinkPort), Map.of("grpc", port));
    }
}
