package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies decide by what enrichment has written: the two stand together in the packaged application. */
class MeshPoliciesIT {

    private static final int SPANS = 6;

    @TempDir
    Path directory;

    @Test
    void shouldKeepTheTracesOfWhoeverClaimsToBeAnother() {
        try (RecordingReceiver receiver = new RecordingReceiver();
                WeirProcess weir =
                        WeirProcess.startWithTail(directory, EnvoyTraffic.MESH + """
                        sample:
                          tail:
                            decision-wait: 1s
                            policies: [ { name: impostor, identity-mismatch: true } ]
                        """ + receiver.asDestination());
                RawOtlp.Client honest = client(weir, EnvoyTraffic.HEADER_VALUE);
                RawOtlp.Client impostor =
                        client(weir, EnvoyTraffic.HEADER_VALUE.replace("/ns/default/", "/ns/elsewhere/"))) {
            // When: both claim the same pod
            honest.send(EnvoyTraffic.request(SPANS).toByteArray(), SPANS);
            impostor.send(EnvoyTraffic.request(SPANS).toByteArray(), SPANS);
            await().until(() -> honest.answered() + impostor.answered() == 2 * SPANS);
            weir.awaitBalancedLedger();

            // Then
            assertThat(receiver.itemCount()).isEqualTo(SPANS);
            assertThat(weir.status().at("/pipeline/traces/sampledOut/none").asInt())
                    .isEqualTo(SPANS);
            List<ResourceSpans> kept = receiver.requests().stream()
                    .flatMap(request -> ((ExportTraceServiceRequest) request).getResourceSpansList().stream())
                    .toList();
            assertThat(kept)
                    .isNotEmpty()
                    .allSatisfy(resource -> assertThat(resource.getResource().getAttributesList())
                            .anySatisfy(attribute -> {
                                assertThat(attribute.getKey()).isEqualTo("mesh.client.namespace");
                                assertThat(attribute.getValue().getStringValue())
                                        .isEqualTo("elsewhere");
                            })
                            .anySatisfy(attribute -> {
                                assertThat(attribute.getKey()).isEqualTo("mesh.identity.mismatch");
                                assertThat(attribute.getValue().getBoolValue()).isTrue();
                            }));
        }
    }

    private static RawOtlp.Client client(WeirProcess weir, String certificate) {
        return new RawOtlp.Client(weir.grpcPort(), 1, Map.of(EnvoyTraffic.HEADER, certificate));
    }
}
