package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import dev.weir.FreePorts;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Envoy: as a proxy in front of the gRPC door, and as a sender with its own OpenTelemetry tracer. */
class EnvoyIT {

    @TempDir
    Path directory;

    @Test
    void shouldBeReachableThroughEnvoy() {
        int proxy = FreePorts.next();
        try (RecordingReceiver receiver = new RecordingReceiver();
                WeirProcess weir = WeirProcess.start(directory, receiver.asDestination());
                PeerProcess envoy = Peers.envoy(
                        directory,
                        listener(proxy, "route: { cluster: weir }", "") + cluster(weir),
                        Map.of("proxy", proxy));
                OtlpClient client = new OtlpClient(envoy.port("proxy"))) {
            // When
            List<Message> sent = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                sent.add(Samples.spans("through-envoy", 50));
                sent.add(Samples.logs("through-envoy", 50));
            }
            sent.add(Samples.spans("through-envoy", 8000)); // 3 MiB in one message
            sent.forEach(client::export);

            // Then
            Items expected = Items.of(sent);
            await().untilAsserted(() -> assertThat(receiver.itemCount()).isEqualTo(expected.count()));
            assertThat(expected.difference(receiver.items())).isEmpty();
            weir.awaitBalancedLedger();
        }
    }

    @Test
    void shouldTakeEnvoysOwnSpans() {
        int requests = 50; // flushed in fives, so that none waits for the timer
        int proxy = FreePorts.next();
        try (RecordingReceiver receiver = new RecordingReceiver();
                WeirProcess weir = WeirProcess.start(directory, receiver.asDestination());
                PeerProcess envoy = Peers.envoy(
                        directory,
                        listener(proxy, "direct_response: { status: 204 }", """
                                          tracing:
                                            random_sampling: { value: 100 }
                                            provider:
                                              name: envoy.tracers.opentelemetry
                                              typed_config:
                                                "@type": type.googleapis.com/envoy.config.trace.v3.OpenTelemetryConfig
                                                grpc_service: { envoy_grpc: { cluster_name: weir }, timeout: 5s }
                                                service_name: envoy-it
                                """) + cluster(weir),
                        Map.of("proxy", proxy))) {
            // When
            for (int i = 0; i < requests; i++) {
                assertThat(Http.get(envoy.url("proxy") + "/item/" + i).statusCode())
                        .isEqualTo(204);
            }

            // Then
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(receiver.itemCount()).isEqualTo(requests));
            List<Span> spans = receiver.items().of(Span.class);
            assertThat(spans.stream().map(Span::getTraceId).distinct()).hasSize(requests);
            assertThat(spans)
                    .allSatisfy(span -> assertThat(span.getAttributesList())
                            .contains(Samples.attribute("http.status_code", "204")));
            weir.awaitBalancedLedger();
        }
    }

    private static String listener(int port, String action, String tracing) {
        return """
                static_resources:
                  listeners:
                  - name: proxy
                    address: { socket_address: { address: 127.0.0.1, port_value: %d } }
                    filter_chains:
                    - filters:
                      - name: envoy.filters.network.http_connection_manager
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                          stat_prefix: proxy
                          codec_type: AUTO
                """.formatted(port) + tracing + """
                          route_config:
                            virtual_hosts:
                            - name: all
                              domains: ["*"]
                              routes:
                              - match: { prefix: "/" }
                                %s
                          http_filters:
                          - name: envoy.filters.http.router
                            typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
                """.formatted(action);
    }

    private static String cluster(WeirProcess weir) {
        return """
                  clusters:
                  - name: weir
                    type: STATIC
                    connect_timeout: 1s
                    typed_extension_protocol_options:
                      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                        explicit_http_config: { http2_protocol_options: {} }
                    load_assignment:
                      cluster_name: weir
                      endpoints: [ { lb_endpoints: [ { endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } } } ] } ]
                """.formatted(weir.grpcPort());
    }
}
