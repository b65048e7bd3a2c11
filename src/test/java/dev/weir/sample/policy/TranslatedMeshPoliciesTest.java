package dev.weir.sample.policy;

import static dev.weir.sample.policy.PolicyTester.keeps;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weir.enrich.envoy.EnvoySpans;
import dev.weir.enrich.envoy.TranslatedSpan;
import io.opentelemetry.proto.trace.v1.Span;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The policies about what proxies write find it in Envoy's spans after their translation, in either profile. */
class TranslatedMeshPoliciesTest {

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldFindResponseFlags(boolean semconvOnly) {
        assertThat(keeps("response-flags: [UF]", translated(EnvoySpans.attempt(), semconvOnly)))
                .isTrue();
        assertThat(keeps("response-flags: [UF]", translated(EnvoySpans.inbound(), semconvOnly)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldFindRetries(boolean semconvOnly) {
        assertThat(keeps("retries: { at-least: 1 }", translated(EnvoySpans.attempt(), semconvOnly)))
                .isTrue();
        assertThat(keeps("retries: { at-least: 2 }", translated(EnvoySpans.attempt(), semconvOnly)))
                .isFalse();
        assertThat(keeps("retries: { at-least: 1 }", translated(EnvoySpans.outbound(), semconvOnly)))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "PassthroughCluster, true, true",
        "BlackHoleCluster, true, false",
        "InboundPassthroughCluster, false, true",
        "AllowAnyDynamicDNSCluster, false, false"
    })
    void shouldFindPassthrough(String cluster, boolean byStatName, boolean semconvOnly) {
        TranslatedSpan.Builder span = TranslatedSpan.client()
                .tag(byStatName ? "upstream_cluster.name" : "upstream_cluster", cluster + (byStatName ? ";" : ""));

        assertThat(keeps("passthrough: true", translated(span, semconvOnly))).isTrue();
        assertThat(keeps("passthrough: true", translated(EnvoySpans.outbound(), semconvOnly)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldFindTheSamplingReason(boolean semconvOnly) {
        assertThat(keeps("sampling-reason: [sampled]", translated(EnvoySpans.inbound(), semconvOnly)))
                .isTrue();
        assertThat(keeps("sampling-reason: [forced, client]", translated(EnvoySpans.inbound(), semconvOnly)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldFindTheCanary(boolean semconvOnly) {
        assertThat(keeps("canary: { subset: v2 }", translated(EnvoySpans.outbound(), semconvOnly)))
                .isTrue();
        assertThat(keeps("canary: { revision: v1 }", translated(EnvoySpans.inbound(), semconvOnly)))
                .isTrue();
        assertThat(keeps("canary: { subset: v1 }", translated(EnvoySpans.outbound(), semconvOnly)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldFindEdgesBetweenZonesAndClusters(boolean semconvOnly) {
        TestSpan caller = translated(EnvoySpans.outbound(), semconvOnly).ids(1, 0);
        TestSpan near = translated(EnvoySpans.inbound(), semconvOnly).ids(2, 1);
        TestSpan far = translated(
                        TranslatedSpan.server().tag("zone", "eu-west-1b").tag("istio.cluster_id", "other"), semconvOnly)
                .ids(2, 1);

        assertThat(keeps("cross-zone: true", caller, far)).isTrue();
        assertThat(keeps("cross-zone: true", caller, near)).isFalse();
        assertThat(keeps("cross-cluster: true", caller, far)).isTrue();
        assertThat(keeps("cross-cluster: true", caller, near)).isFalse();
    }

    private static TestSpan translated(TranslatedSpan.Builder builder, boolean semconvOnly) {
        Span span = (semconvOnly ? builder.semconvOnly() : builder).translate().after();
        TestSpan test = TestSpan.span();
        ByteString id = test.span.getSpanId();
        test.span.mergeFrom(span).setSpanId(id);
        return test;
    }
}
