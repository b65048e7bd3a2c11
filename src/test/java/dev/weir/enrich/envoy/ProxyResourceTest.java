package dev.weir.enrich.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProxyResourceTest {

    private static final String NODE = "sidecar~10.244.1.7~productpage-v1-6c5d-8rqzt.default~default.svc.cluster.local";

    @Test
    void shouldTranslateTheZoneOfEnvoysAccessLogs() {
        assertThat(attributes(
                        "log_name", "otel_envoy_accesslog",
                        "zone_name", "eu-west-1a",
                        "cluster_name", "productpage.default",
                        "node_name", NODE))
                .isEqualTo(Map.of("cloud.availability_zone", "eu-west-1a"));
    }

    @Test
    void shouldLeaveOutWhatAccessLogsDoNotSay() {
        assertThat(attributes("log_name", "x", "node_name", NODE, "zone_name", ""))
                .isEmpty();
        assertThat(attributes("log_name", "x", "node_name", NODE, "zone_name", "-"))
                .isEmpty();
        assertThat(attributes("log_name", "x", "node_name", NODE, "zone_name", "z".repeat(254)))
                .isEmpty();
    }

    @Test
    void shouldTranslateTheLabelsOfLinkerdsPods() {
        assertThat(attributes(
                        "service.name", "linkerd-proxy",
                        "host.name", "web-66bdd4d96d-abcde",
                        "k8s.pod.uid", "2b1c",
                        "k8s.pod.ip", "10.1.2.3",
                        "app", "web-svc",
                        "linkerd.io/control-plane-ns", "linkerd",
                        "linkerd.io/workload-ns", "emojivoto",
                        "linkerd.io/proxy-deployment", "web"))
                .isEqualTo(Map.of("k8s.namespace.name", "emojivoto", "k8s.deployment.name", "web"));
    }

    @Test
    void shouldNotWriteWhatTheResourceHasAlready() {
        assertThat(attributes(
                        "linkerd.io/control-plane-ns", "linkerd",
                        "linkerd.io/workload-ns", "emojivoto",
                        "k8s.namespace.name", "other"))
                .isEmpty();
    }

    @Test
    void shouldLeaveOtherResources() {
        assertThat(attributes("service.name", "web", "zone_name", "a", "linkerd.io/workload-ns", "b"))
                .isEmpty();
        assertThat(attributes()).isEmpty();
    }

    @Test
    void shouldMakeNothingOfWhatIsNotToBeSeen() {
        byte[] body =
                resource("log_name", "x", "node_name", NODE, "zone_name", "a").toByteArray();

        assertThat(ProxyResource.attributes(body, 0, body.length, Set.of("zone_name")))
                .isEmpty();
    }

    @Test
    void shouldLeaveAValueThatIsNoText() {
        Resource resource = resource("log_name", "x", "node_name", NODE).toBuilder()
                .addAttributes(KeyValue.newBuilder()
                        .setKey("zone_name")
                        .setValue(AnyValue.newBuilder().setIntValue(3)))
                .build();

        assertThat(ProxyResource.attributes(resource.toByteArray(), 0, resource.getSerializedSize(), Set.of()))
                .isEmpty();
    }

    private static Map<String, String> attributes(String... keysAndValues) {
        byte[] body = resource(keysAndValues).toByteArray();
        return ProxyResource.attributes(body, 0, body.length, Set.of());
    }

    private static Resource resource(String... keysAndValues) {
        Resource.Builder resource = Resource.newBuilder();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            resource.addAttributes(KeyValue.newBuilder()
                    .setKey(keysAndValues[i])
                    .setValue(AnyValue.newBuilder().setStringValue(keysAndValues[i + 1])));
        }
        return resource.build();
    }
}
