package dev.weir.sample.policy;

import static dev.weir.sample.policy.PolicyTester.decide;
import static dev.weir.sample.policy.PolicyTester.faults;
import static dev.weir.sample.policy.PolicyTester.keeps;
import static dev.weir.sample.policy.PolicyTester.rules;
import static dev.weir.sample.policy.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.sample.ratio.Threshold;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The policies about what proxies write. */
class MeshPoliciesTest {

    @ParameterizedTest
    @CsvSource({"UF, true", "'URX,UF', true", "'UO, URX', true", "URX, false", "UFX, false", "-, false", "'', false"})
    void shouldFindAnyOfTheResponseFlags(String value, boolean kept) {
        String policy = "response-flags: [UF, UO]";

        assertThat(keeps(policy, span().with("response_flags", value))).isEqualTo(kept);
        assertThat(keeps(policy, span().with("envoy.response_flags", List.of(value.split(", ?")))))
                .isEqualTo(kept);
        assertThat(keeps(policy, span().with("flags", value))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "PassthroughCluster, true",
        "PassthroughCluster;, true",
        "InboundPassthroughCluster, true",
        "BlackHoleCluster, true",
        "outbound|80||a.b, false"
    })
    void shouldFindPassthrough(String cluster, boolean kept) {
        assertThat(keeps("passthrough: true", span().with("upstream_cluster", cluster)))
                .isEqualTo(kept);
        assertThat(keeps("passthrough: true", span().with("upstream_cluster.name", cluster)))
                .isEqualTo(kept);
    }

    @Test
    void shouldFindIdentityMismatch() {
        assertThat(keeps("identity-mismatch: true", span().resource("mesh.identity.mismatch", true)))
                .isTrue();
        assertThat(keeps("identity-mismatch: true", span().resource("mesh.identity.mismatch", false)))
                .isFalse();
        assertThat(keeps("identity-mismatch: true", span().resource("mesh.identity.mismatch", "true")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "8a3f1b2c-1234-9abc-8def-001122334455, sampled",
        "8a3f1b2c-1234-aabc-8def-001122334455, forced",
        "8a3f1b2c-1234-babc-8def-001122334455, client",
        "8a3f1b2c-1234-4abc-8def-001122334455, ''",
        "8a3f1b2c-1234, ''"
    })
    void shouldReadTheSamplingReasonFromTheRequestId(String requestId, String reason) {
        for (String each : List.of("sampled", "forced", "client")) {
            assertThat(keeps("sampling-reason: " + each, span().with("guid:x-request-id", requestId)))
                    .isEqualTo(each.equals(reason));
            assertThat(keeps("sampling-reason: " + each, span().with("mesh.sampling.reason", reason)))
                    .isEqualTo(each.equals(reason));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "upstream_cluster, outbound|80|v2|a.b.svc, true",
        "upstream_cluster, outbound_.80_.v2_.a.b.svc, true",
        "upstream_cluster, inbound-vip|80|http/v2|a.b.svc, true",
        "upstream_cluster, outbound|80|v22|a.b.svc, false",
        "upstream_cluster, outbound|80||v2, false",
        "mesh.destination.subset, v2, true",
        "istio.canonical_revision, r1, true",
        "istio.destination_canonical_revision, r1, true",
        "istio.canonical_revision, v2, false"
    })
    void shouldFindTheCanary(String key, String value, boolean kept) {
        assertThat(keeps("canary: { subset: v2, revision: [r1] }", span().with(key, value)))
                .isEqualTo(kept);
    }

    @Test
    void shouldKeepAShareOfTheCanary() {
        Rules rules = rules("canary: { subset: v2, share: 0.25 }");

        assertThat(decide(rules, span().with("mesh.destination.subset", "v2")).threshold())
                .isEqualTo(Threshold.ofRatio(0.25));
        assertThat(faults("not: { canary: { subset: v2, share: 0.25 } }")).hasSize(1);
        assertThat(faults("canary: { subset: v2, share: 0 }"))
                .containsExactly("canary's share must be a number over 0 and at most 1, was 0");
        assertThat(faults("canary: { share: 0.5 }")).containsExactly("canary needs subset or revision");
    }

    @Test
    void shouldFindEdgesBetweenZones() {
        TestSpan here = span().ids(1, 0).with("zone", "a");
        TestSpan there = span().ids(2, 1).resource("cloud.availability_zone", "b");
        TestSpan alsoHere = span().ids(3, 1).with("zone", "a");
        TestSpan nowhere = span().ids(4, 1).with("zone", "");
        TestSpan stranger = span().ids(5, 99).with("zone", "b");

        assertThat(keeps("cross-zone: true", here, there)).isTrue();
        assertThat(keeps("cross-zone: true", there, here)).isTrue();
        assertThat(keeps("cross-zone: true", here, alsoHere)).isFalse();
        assertThat(keeps("cross-zone: true", here, nowhere)).isFalse();
        assertThat(keeps("cross-zone: true", here, stranger)).isFalse();
        assertThat(keeps("cross-zone: true", there)).isFalse();
    }

    @Test
    void shouldFindEdgesBetweenClusters() {
        TestSpan here = span().ids(1, 0).with("istio.cluster_id", "a");

        assertThat(keeps("cross-cluster: true", here, span().ids(2, 1).with("istio.cluster_id", "b")))
                .isTrue();
        assertThat(keeps("cross-cluster: true", here, span().ids(2, 1).with("istio.cluster_id", "unknown")))
                .isFalse();
        assertThat(keeps("cross-cluster: true", waypoint("a", "b"))).isTrue();
        assertThat(keeps("cross-cluster: true", waypoint("a", "a"))).isFalse();
    }

    private static TestSpan waypoint(String source, String destination) {
        return span().with("istio.source_cluster_id", source).with("istio.destination_cluster_id", destination);
    }

    @Test
    void shouldCountRetries() {
        TestSpan caller = span().ids(1, 0).kind(3);
        TestSpan[] served = {
            span().ids(2, 1).kind(2), span().ids(3, 1).kind(2), span().ids(4, 1).kind(2)
        };
        String name = "router outbound|80||a.b; egress";
        TestSpan[] attempts = {
            span().ids(2, 1).kind(3).name(name), span().ids(3, 1).kind(3).name(name)
        };

        assertThat(keeps("retries: { at-least: 1 }", span().with("retry.count", "1")))
                .isTrue();
        assertThat(keeps("retries: { at-least: 2 }", span().with("retry.count", "1")))
                .isFalse();
        assertThat(keeps("retries: { at-least: 2 }", span().with("retry.count", 3)))
                .isTrue();
        assertThat(keeps("retries: { at-least: 1 }", span().with("retry.count", "many")))
                .isFalse();
        assertThat(keeps("retries: { at-least: 2 }", caller, served[0], served[1], served[2]))
                .isTrue();
        assertThat(keeps("retries: { at-least: 3 }", caller, served[0], served[1], served[2]))
                .isFalse();
        assertThat(keeps("retries: { at-least: 1 }", span().ids(1, 0).kind(2), served[0], served[1]))
                .isFalse();
        assertThat(keeps("retries: { at-least: 1 }", attempts)).isTrue();
        assertThat(keeps("retries: { at-least: 1 }", attempts[0])).isFalse();
        assertThat(faults("retries: { at-least: 0 }")).containsExactly("retries' at-least must be 1 to 1000, was 0");
    }
}
