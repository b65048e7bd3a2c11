package dev.weir.enrich;

import static dev.weir.enrich.MeshSpans.envoy;
import static dev.weir.enrich.MeshSpans.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Envoys send with settings that are seldom: access logs without labels, and the tags of Dynatrace's sampler. */
class OddSendersTest {

    private static final String CART = "spiffe://cluster.local/ns/shop/sa/cart";

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldNameTheSenderOfAccessLogsWhoseResourceIsEmpty(boolean hasResource) throws Exception {
        ResourceLogs.Builder logs = ResourceLogs.newBuilder()
                .addScopeLogs(ScopeLogs.newBuilder()
                        .addLogRecords(LogRecord.newBuilder()
                                .setBody(AnyValue.newBuilder().setStringValue("GET / 200 -\n"))));
        if (hasResource) {
            logs.setResource(Resource.getDefaultInstance());
        }
        byte[] sent = ExportLogsServiceRequest.newBuilder()
                .addResourceLogs(logs)
                .build()
                .toByteArray();

        Payload verified = EnrichFixture.istio().from(CART).send(Signal.LOGS, sent);
        Payload unknown = EnrichFixture.istio().send(Signal.LOGS, sent);

        assertThat(unknown).isNotNull();
        assertThat(unknown.bytes()).isEqualTo(sent);
        assertThat(verified).isNotNull();
        ResourceLogs passed =
                ExportLogsServiceRequest.parseFrom(verified.bytes()).getResourceLogs(0);
        assertThat(MeshSpans.map(passed.getResource().getAttributesList()))
                .isEqualTo(Map.of(
                        "mesh.client.principal", CART,
                        "mesh.client.trust_domain", "cluster.local",
                        "mesh.client.namespace", "shop",
                        "mesh.client.service_account", "cart"));
        assertThat(passed.getScopeLogsList()).isEqualTo(logs.getScopeLogsList());
    }

    @Test
    void shouldLeaveNumbersAndListsOfDynatracesSampler() {
        KeyValue ratio = KeyValue.newBuilder()
                .setKey("sampling_extrapolation_set_in_sampler")
                .setValue(AnyValue.newBuilder().setIntValue(1))
                .build();
        KeyValue list = KeyValue.newBuilder()
                .setKey("dynatrace.tags")
                .setValue(AnyValue.newBuilder()
                        .setArrayValue(ArrayValue.newBuilder()
                                .addValues(AnyValue.newBuilder().setStringValue("a"))
                                .addValues(AnyValue.newBuilder().setIntValue(2))))
                .build();
        // A tag that is translated, but for its type.
        KeyValue status = ratio.toBuilder().setKey("http.status_code").build();
        KeyValue node = list.toBuilder().setKey("node_id").build();
        Span sent = span("http.method", "GET").toBuilder()
                .addAttributes(ratio)
                .addAttributes(list)
                .addAttributes(status)
                .addAttributes(node)
                .build();

        Span passed = EnrichFixture.of()
                .traces(envoy(sent))
                .getResourceSpans(0)
                .getScopeSpans(0)
                .getSpans(0);

        assertThat(passed.getAttributesList())
                .contains(ratio, list, status, node)
                .extracting(KeyValue::getKey)
                .contains("http.request.method")
                .doesNotContain("http.response.status_code");
    }
}
