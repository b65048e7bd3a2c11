package dev.weir.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Broken samples of what a mesh is told. */
final class MeshRuleTest {

    private static final String LABELS =
            "template:\n    metadata:\n      labels: { app.kubernetes.io/name: weir, app.kubernetes.io/instance: weir }";
    private static final String NOTES = "annotations:\n";
    private static final String LINKERD = LABELS + "\n      annotations: { linkerd.io/inject: enabled }";

    private static final String STRICT = """
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: { name: weir }
            spec: { mtls: { mode: STRICT } }
            """;

    private static final String AUTHORIZATION = """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: { name: senders }
            spec:
              selector: { matchLabels: { app.kubernetes.io/name: weir } }
              rules:
                - from: [ { source: { namespaces: [shop] } } ]
                  to: [ { operation: { ports: ["4317"] } } ]
            """;

    private static final String IDENTITIES = """
            apiVersion: policy.linkerd.io/v1alpha1
            kind: MeshTLSAuthentication
            metadata: { name: senders }
            spec: { identities: ["*.shop.serviceaccount.identity.linkerd.cluster.local"] }
            ---
            apiVersion: policy.linkerd.io/v1alpha1
            kind: MeshTLSAuthentication
            metadata: { name: prometheus }
            spec: { identities: [prometheus.observability.serviceaccount.identity.linkerd.cluster.local] }
            """;

    private static final String SERVERS = """
            apiVersion: policy.linkerd.io/v1beta3
            kind: Server
            metadata: { name: weir-grpc }
            spec: { podSelector: { matchLabels: { app.kubernetes.io/name: weir } }, port: grpc-otlp, proxyProtocol: gRPC }
            ---
            apiVersion: policy.linkerd.io/v1beta3
            kind: Server
            metadata: { name: weir-admin }
            spec: { podSelector: { matchLabels: { app.kubernetes.io/name: weir } }, port: http-admin, proxyProtocol: HTTP/1 }
            ---
            apiVersion: policy.linkerd.io/v1alpha1
            kind: AuthorizationPolicy
            metadata: { name: senders }
            spec:
              targetRef: { group: policy.linkerd.io, kind: Server, name: weir-grpc }
              requiredAuthenticationRefs: [ { group: policy.linkerd.io, kind: MeshTLSAuthentication, name: senders } ]
            ---
            apiVersion: policy.linkerd.io/v1alpha1
            kind: AuthorizationPolicy
            metadata: { name: operators }
            spec:
              targetRef: { group: policy.linkerd.io, kind: Server, name: weir-admin }
              requiredAuthenticationRefs: [ { group: policy.linkerd.io, kind: MeshTLSAuthentication, name: prometheus } ]
            """;

    @Test
    void shouldFindOldVersions() {
        assertThat(sidecar().and(STRICT.replace("/v1", "/v1beta1")).faults())
                .containsExactly(
                        "PeerAuthentication/weir: is security.istio.io/v1beta1, current is security.istio.io/v1");
    }

    @Test
    void shouldFindTwoMeshes() {
        assertThat(sidecar()
                        .replacing(NOTES, NOTES + "        linkerd.io/inject: enabled\n")
                        .faults())
                .containsExactly("Deployment/weir: is in two meshes");
    }

    @Test
    void shouldFindPortsOutsideOfTheMesh() {
        assertThat(sidecar()
                        .replacing(NOTES, NOTES + "        traffic.sidecar.istio.io/excludeInboundPorts: \"4317\"\n")
                        .faults())
                .containsExactly(
                        "Deployment/weir: traffic.sidecar.istio.io/excludeInboundPorts takes senders' ports out of the mesh");
    }

    @Test
    void shouldFindHeadersThatAnybodyMayWrite() {
        assertThat(Sample.ratio()
                        .replacing("mesh:\n", "mesh:\n        kind: linkerd\n")
                        .faults())
                .containsExactly(
                        "Deployment/weir: weir.mesh.kind is linkerd, and no proxy is in front: anybody's header is believed");
        String istio =
                "mesh:\n        kind: istio\n        identity: spiffe://cluster.local/ns/observability/sa/weir\n";
        assertThat(sidecar().replacing("mesh:\n", istio).faults())
                .containsExactly(
                        "Deployment/weir: weir.mesh.kind is istio, and no PeerAuthentication makes mutual TLS STRICT");
        assertThat(sidecar().replacing("mesh:\n", istio).and(STRICT).faults()).isEmpty();
        String open = "{ mode: STRICT }, portLevelMtls: { \"4317\": { mode: PERMISSIVE } } }";
        assertThat(sidecar()
                        .replacing("mesh:\n", istio)
                        .and(STRICT)
                        .replacing("{ mode: STRICT } }", open)
                        .faults())
                .containsExactly(
                        "Deployment/weir: weir.mesh.kind is istio, and no PeerAuthentication makes mutual TLS STRICT");
        assertThat(sidecar()
                        .replacing("mesh:\n", istio)
                        .and(STRICT)
                        .replacing("{ mode: STRICT } }", open.replace("PERMISSIVE", "STRICT"))
                        .faults())
                .isEmpty();
        assertThat(sidecar()
                        .replacing("mesh:\n", istio.replace("sa/weir", "sa/default"))
                        .and(STRICT)
                        .faults())
                .singleElement()
                .asString()
                .contains("is not its own");
    }

    @Test
    void shouldFindWhoReachesThePodsPastABelievedWaypoint() {
        String reach =
                AUTHORIZATION.replace("namespaces: [shop]", "principals: [cluster.local/ns/observability/sa/waypoint]");
        Sample ambient = Sample.ratio()
                .replacing(
                        "mesh:\n",
                        "mesh:\n        kind: istio\n        waypoints: [\"spiffe://cluster.local/ns/observability/sa/waypoint\"]\n");

        assertThat(ambient.and(reach).faults()).isEmpty();
        assertThat(ambient.faults())
                .containsExactly(
                        "Deployment/weir: weir.mesh.waypoints are believed, and no AuthorizationPolicy keeps others away");
        assertThat(ambient.and(reach)
                        .replacing("sa/waypoint] } }", "sa/waypoint, cluster.local/ns/shop/sa/web] } }")
                        .faults())
                .singleElement()
                .asString()
                .contains("lets in others than the waypoints");
        assertThat(ambient.and(AUTHORIZATION).faults())
                .singleElement()
                .asString()
                .contains("lets in others than the waypoints");
    }

    @Test
    void shouldFindAuthorizationForEverybody() {
        assertThat(sidecar().and(AUTHORIZATION).faults()).isEmpty();
        assertThat(sidecar().and("""
                        apiVersion: security.istio.io/v1
                        kind: AuthorizationPolicy
                        metadata: { name: senders }
                        spec:
                          selector: { matchLabels: { app.kubernetes.io/name: weir } }
                          rules: [ {} ]
                        """).faults())
                .contains("AuthorizationPolicy/senders: an empty rule {} lets everybody in");
        assertThat(sidecar()
                        .and(AUTHORIZATION)
                        .replacing("namespaces: [shop]", "namespaces: [\"*\"]")
                        .faults())
                .containsExactly("AuthorizationPolicy/senders: the source * is everybody");
        assertThat(sidecar()
                        .and(AUTHORIZATION)
                        .replacing("namespaces: [shop]", "notNamespaces: [shop]")
                        .faults())
                .singleElement()
                .asString()
                .contains("is everybody else");
    }

    @Test
    void shouldFindAuthorizationOfSendersForTheAdminPort() {
        assertThat(sidecar()
                        .and(AUTHORIZATION)
                        .replacing("{ ports: [\"4317\"] }", "{ paths: [/v1/*] }")
                        .faults())
                .containsExactly(
                        "AuthorizationPolicy/senders: a rule that names no ports in each operation opens 8888 too");
        assertThat(sidecar()
                        .and(AUTHORIZATION)
                        .replacing("[\"4317\"]", "[\"4317\", \"8888\"]")
                        .faults())
                .containsExactly("AuthorizationPolicy/senders: a rule opens 8888 to who may send");
        assertThat(sidecar()
                        .and(AUTHORIZATION)
                        .replacing("[\"4317\"]", "[\"8888\"]")
                        .faults())
                .containsExactly(
                        "AuthorizationPolicy/senders: 8888 must be opened to principals or service accounts, not to more");
    }

    @Test
    void shouldAskTheMeshToRefuseWhatItsTunnelCarries() {
        Sample tunnelled = linkerd()
                .replacing(
                        "        - { protocol: TCP, port: 4318 }\n    # The admin",
                        "        - { protocol: TCP, port: 4143 }\n    # The admin");

        assertThat(tunnelled.faults())
                .containsExactly(
                        "Deployment/weir: the mesh's tunnel carries 8888 too, and nothing in the mesh refuses it to senders");
        assertThat(tunnelled.and(SERVERS).faults()).isEmpty();
    }

    @Test
    void shouldFindLinkerdsDoorsThatAreOpen() {
        assertThat(linkerd()
                        .and(SERVERS)
                        .replacing("name: prometheus }", "name: senders }")
                        .faults())
                .contains("MeshTLSAuthentication/senders: admits senders to 8888");
        assertThat(linkerd().and(SERVERS).and("""
                        apiVersion: policy.linkerd.io/v1alpha1
                        kind: MeshTLSAuthentication
                        metadata: { name: senders }
                        spec: { identities: ["*"] }
                        """).faults())
                .containsExactly("MeshTLSAuthentication/senders: the identity * is everybody in the mesh");
        assertThat(linkerd().and(SERVERS).and(IDENTITIES).faults()).isEmpty();
        assertThat(linkerd()
                        .and(SERVERS)
                        .and(IDENTITIES)
                        .replacing("*.shop.serviceaccount", "*.serviceaccount")
                        .faults())
                .containsExactlyInAnyOrder(
                        "MeshTLSAuthentication/senders: the identity *.serviceaccount.identity.linkerd.cluster.local is everybody in the mesh",
                        "prometheus.observability.serviceaccount.identity.linkerd.cluster.local: admits senders to 8888");
        assertThat(linkerd()
                        .and(SERVERS)
                        .and(IDENTITIES)
                        .replacing("prometheus.observability", "web.shop")
                        .faults())
                .containsExactly("web.shop.serviceaccount.identity.linkerd.cluster.local: admits senders to 8888");
        assertThat(linkerd()
                        .and(SERVERS)
                        .replacing("proxyProtocol: gRPC", "proxyProtocol: gRPC, accessPolicy: all-unauthenticated")
                        .faults())
                .containsExactly("Server/weir-grpc: accessPolicy all-unauthenticated lets everybody in");
        assertThat(linkerd()
                        .and(SERVERS)
                        .replacing(
                                "requiredAuthenticationRefs: [ { group: policy.linkerd.io, kind: MeshTLSAuthentication, name: senders } ]",
                                "requiredAuthenticationRefs: []")
                        .faults())
                .containsExactly("AuthorizationPolicy/senders: requires no authentication, which lets everybody in");
    }

    private static Sample sidecar() {
        return Sample.sidecar();
    }

    private static Sample linkerd() {
        return Sample.ratio().replacing(LABELS, LINKERD);
    }
}
