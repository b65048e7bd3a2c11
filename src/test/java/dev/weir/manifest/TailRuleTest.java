package dev.weir.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code sample.tail} never meets a second replica, whatever would bring it. */
final class TailRuleTest {

    @Test
    void shouldFindMoreThanOneReplica() {
        assertThat(Sample.tail().replacing("replicas: 1", "replicas: 2").faults())
                .containsExactly("Deployment/weir: sample.tail has no 'replicas: 1'");
        assertThat(Sample.tail().replacing("  replicas: 1\n", "").faults())
                .containsExactly("Deployment/weir: sample.tail has no 'replicas: 1'");
    }

    @Test
    void shouldFindARolloutWithTwo() {
        assertThat(Sample.tail()
                        .replacing(
                                "strategy: { type: Recreate }",
                                "strategy: { type: RollingUpdate, rollingUpdate: { maxUnavailable: 0 } }")
                        .faults())
                .containsExactly(
                        "Deployment/weir: sample.tail has no 'strategy: Recreate': for a while there would be two replicas");
    }

    @Test
    void shouldFindAnAutoscaler() {
        assertThat(Sample.tail().and("""
                        apiVersion: autoscaling/v2
                        kind: HorizontalPodAutoscaler
                        metadata: { name: weir }
                        spec:
                          scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: weir }
                          minReplicas: 2
                          maxReplicas: 4
                        """).faults())
                .contains("Deployment/weir: sample.tail has an autoscaler, HorizontalPodAutoscaler/weir");
    }

    @Test
    void shouldFindSplits() {
        String[] splits = {"""
            apiVersion: gateway.networking.k8s.io/v1
            kind: GRPCRoute
            metadata: { name: split }
            spec:
              parentRefs: [ { group: "", kind: Service, name: weir } ]
              rules: [ { backendRefs: [ { name: weir, port: 4317, weight: 90 }, { name: weir-next, port: 4317, weight: 10 } ] } ]
            """, """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: { name: split }
            spec:
              hosts: [weir]
              http:
                - route:
                    - { destination: { host: weir.observability.svc.cluster.local, subset: stable }, weight: 90 }
                    - { destination: { host: weir.observability.svc.cluster.local, subset: canary }, weight: 10 }
            """, """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: { name: split }
            spec: { targetRef: { apiVersion: apps/v1, kind: Deployment, name: weir } }
            """, """
            apiVersion: gateway.networking.k8s.io/v1
            kind: GRPCRoute
            metadata: { name: split }
            spec:
              parentRefs: [ { group: "", kind: Service, name: weir } ]
              rules:
                - { matches: [ { headers: [ { name: x-weir-canary, value: always } ] } ], backendRefs: [ { name: weir-next, port: 4317 } ] }
                - { backendRefs: [ { name: weir, port: 4317 } ] }
            """, """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: { name: split }
            spec:
              hosts: [weir]
              http:
                - match: [ { headers: { x-weir-canary: { exact: always } } } ]
                  route: [ { destination: { host: weir.observability.svc.cluster.local, subset: canary } } ]
                - route: [ { destination: { host: weir.observability.svc.cluster.local, subset: stable } } ]
            """};

        for (String split : splits) {
            assertThat(Sample.tail().and(split).faults())
                    .anySatisfy(fault -> assertThat(fault)
                            .contains("sample.tail has a weighted split")
                            .contains("/split"));
            assertThat(Sample.ratio().and(split).faults())
                    .noneSatisfy(fault -> assertThat(fault).contains("sample.tail"));
        }
    }

    @Test
    void shouldFindPoliciesInAFileOfTheirOwn() {
        assertThat(Sample.ratio()
                        .replacing(
                                "ratio: { traces: 0.10, logs: 0.10 }",
                                "tail: { policies-file: /etc/weir/policies.yaml }")
                        .faults())
                .contains("Deployment/weir: sample.tail has no 'replicas: 1'");
        assertThat(Sample.ratio()
                        .replacing("name: QUARKUS_LOG_CONSOLE_JSON_ENABLED", "name: WEIR_SAMPLE_TAIL_POLICIES_FILE")
                        .faults())
                .contains("Deployment/weir: sample.tail has no 'replicas: 1'");
    }

    /** Two doors are not two places. */
    @Test
    void shouldTakeRoutesOfBothDoorsForOnePlace() {
        assertThat(Sample.tail().and("""
                        apiVersion: networking.istio.io/v1
                        kind: VirtualService
                        metadata: { name: doors }
                        spec:
                          hosts: [weir]
                          http:
                            - match: [ { port: 4317 } ]
                              retries: { attempts: 0 }
                              route: [ { destination: { host: weir.observability.svc.cluster.local, port: { number: 4317 } } } ]
                            - match: [ { port: 4318 } ]
                              retries: { attempts: 0 }
                              route: [ { destination: { host: weir.observability.svc.cluster.local, port: { number: 4318 } } } ]
                        """).faults()).isEmpty();
    }
}
