package dev.weir.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One broken sample for each rule about Kubernetes itself; what is right has no fault. */
final class ManifestRulesTest {

    @Test
    void shouldFindNothingInWhatIsRight() {
        assertThat(Sample.ratio().faults()).isEmpty();
        assertThat(Sample.tail().faults()).isEmpty();
    }

    /** Something in the base, what takes its place, and a part of what is said then. */
    @ParameterizedTest(name = "{2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            revisionHistoryLimit: 3         | revisionHistory: 3              | is no Deployment: Unrecognized field "revisionHistory"
            apiVersion: policy/v1           | apiVersion: policy/v1beta9      | there is no policy/v1beta9 PodDisruptionBudget
            , appProtocol: grpc }           | ` }`                            | port 4317 must have appProtocol: grpc
            appProtocol: http }             | appProtocol: tcp }              | port 8888 must have appProtocol: http
            name: grpc-otlp, port           | name: otlp, port                | port 4317 must be named grpc-otlp
            targetPort: http-otlp           | targetPort: http-admin          | port 4318 leads to http-admin
            { name: http-otlp, containerPort: 4318 } | { name: http-otlp, containerPort: 4319 } | container port 4318 named http-otlp is missing
            selector: { app.kubernetes.io/name: weir } | selector: { app: weir }     | no Service has port 4317 of it
            podSelector:\\n    matchLabels: { app.kubernetes.io/name: weir } | podSelector:\\n    matchLabels: { app: weir } | no NetworkPolicy selects its pods
            appProtocol: http }\\n---\\n# For Prometheus | appProtocol: http }\\n    - { name: http-admin, port: 8888, targetPort: http-admin, appProtocol: http }\\n---\\n# For Prometheus | has 8888 beside the ports of senders
            type: ClusterIP                 | type: LoadBalancer              | 8888 is open to the outside by type LoadBalancer
            - { protocol: TCP, port: 4318 }\\n    # The admin | - { protocol: TCP, port: 8888 }\\n    # The admin | a rule opens 8888 to who may send
            port: 4318 }\\n    # The admin  | port: 4318, endPort: 9000 }\\n    # The admin | a rule opens 8888 to who may send
            matchLabels: { weir.dev/scrapes: "true" }\\n          podSelector:\\n            matchLabels: { app.kubernetes.io/name: prometheus } | matchLabels: { weir.dev/sends: "true" } | the same peers may send and reach 8888
            matchLabels: { weir.dev/scrapes: "true" }\\n          podSelector:\\n            matchLabels: { app.kubernetes.io/name: prometheus } | matchLabels: { weir.dev/scrapes: "true" } | 8888 is open to all pods of a namespace
            - namespaceSelector:\\n            matchLabels: { weir.dev/scrapes: "true" }\\n          podSelector:\\n            matchLabels: { app.kubernetes.io/name: prometheus } | - ipBlock: { cidr: 10.0.0.0/8 } | 8888 is open to a network
            - namespaceSelector:\\n            matchLabels: { weir.dev/sends: "true" } | - namespaceSelector: {} | an empty namespaceSelector lets every pod in
            - namespaceSelector:\\n            matchLabels: { weir.dev/sends: "true" } | - ipBlock: { cidr: 0.0.0.0/0 } | 0.0.0.0/0 is everybody
            type: ClusterIP                 | type: NodePort                  | Service/weir: opens its ports to the outside
            type: ClusterIP                 | externalIPs: [192.0.2.1]        | Service/weir: opens its ports to the outside
            imagePullPolicy: IfNotPresent   | imagePullPolicy: Always         | image weir is in no registry
            terminationGracePeriodSeconds: 45 | terminationGracePeriodSeconds: 30 | shutdown-timeout with 5 s to end need 40
            maxUnavailable: 0               | maxUnavailable: 1               | a rollout must have maxUnavailable: 0
            path: /q/health/ready           | path: /health/ready             | readinessProbe must get /q/health/ready
            enableServiceLinks: false       | enableServiceLinks: true        | must have enableServiceLinks: false
            readOnlyRootFilesystem: true    | readOnlyRootFilesystem: false   | its root file system must be read-only
            runAsUser: 10001                | runAsUser: 0                    | must run as a user other than root
            drop: [ALL]                     | drop: [NET_RAW]                 | must drop all capabilities
            mountPath: /tmp                 | mountPath: /var                 | needs a /tmp to write to
            limits: { cpu: "1", memory: 512Mi } | limits: { cpu: "1", memory: 1Gi } | memory must be requested, and limited to the same
            limits: { cpu: "1", memory      | limits: { memory                | without a limit of cpu
            verbs: [get, list, watch]       | verbs: [get, list, watch, delete] | gives more than get, list and watch on pods
            resources: [pods]               | resources: [pods, secrets]      | gives more than get, list and watch on pods
            mountPath: /etc/weir, readOnly: true | mountPath: /etc/weir, subPath: weir.yaml | at /etc/weir never changes
            --config, /etc/weir/weir.yaml   | --config, /etc/weir.yaml        | is not in the folder where the ConfigMap is mounted
            shutdown-timeout: 25s           | shutdown-time: 25s              | weir.yaml: weir.shutdown-time
            shutdown-timeout: 25s           | memory: { limit: 1GiB }         | weir.memory.limit is over 80 %
            shutdown-timeout: 25s           | receive: { grpc: { port: 14317 } } | weir.receive.grpc.port is 14317, container and Services have 4317
            shutdown-timeout: 25s           | receive: { http: { port: 14318 } } | weir.receive.http.port is 14318, container and Services have 4318
            QUARKUS_LOG_CONSOLE_JSON_ENABLED\\n              value: "true" | QUARKUS_HTTP_PORT\\n              value: "9999" | quarkus.http.port is 9999
            name: POD_NAMESPACE             | name: WEIR_ADMIN_PORT           | weir.yaml: WEIR_ADMIN_PORT
            http://jaeger-collector.observability:4317 | http://jaeger-collector.observability:14317 | no NetworkPolicy lets out to port 14317
            """)
    void shouldFindWhatIsBroken(String old, String next, String said) {
        assertThat(Sample.ratio()
                        .replacing(old.replace("\\n", "\n"), next.replace("\\n", "\n"))
                        .faults())
                .anySatisfy(fault -> assertThat(fault).contains(said));
    }

    @Test
    void shouldFindRoutesToTheAdminPort() {
        assertThat(Sample.ratio().and("""
                        apiVersion: networking.k8s.io/v1
                        kind: Ingress
                        metadata: { name: telemetry }
                        spec:
                          rules:
                            - http:
                                paths:
                                  - path: /
                                    pathType: Prefix
                                    backend: { service: { name: weir-admin, port: { number: 8888 } } }
                        """).faults()).containsExactly("Ingress/telemetry: leads to 8888");
        assertThat(Sample.ratio().and("""
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: HTTPRoute
                        metadata: { name: telemetry }
                        spec:
                          parentRefs: [ { name: gateway } ]
                          rules: [ { backendRefs: [ { name: weir, port: 8888 } ] } ]
                        """).faults()).containsExactly("HTTPRoute/telemetry: leads to 8888");
    }

    @Test
    void shouldKeepTheNumberOfReplicasToTheAutoscaler() {
        assertThat(Sample.ratio().replacing("minReplicas: 2", "minReplicas: 1").faults())
                .containsExactlyInAnyOrder(
                        "HorizontalPodAutoscaler/weir: must keep at least 2 replicas, and at most no fewer",
                        "Deployment/weir: sample.ratio, and neither an autoscaler nor replicas that keep two of it");
        assertThat(Sample.ratio()
                        .replacing("container: weir", "container: proxy")
                        .faults())
                .containsExactly("HorizontalPodAutoscaler/weir: no container proxy requests cpu");
        assertThat(Sample.ratio()
                        .replacing("Deployment, name: weir", "Deployment, name: gateway")
                        .faults())
                .containsExactlyInAnyOrder(
                        "HorizontalPodAutoscaler/weir: there is no Deployment/gateway",
                        "Deployment/weir: sample.ratio, and neither an autoscaler nor replicas that keep two of it");
        assertThat(Sample.ratio()
                        .replacing("revisionHistoryLimit: 3", "replicas: 3")
                        .faults())
                .containsExactly("Deployment/weir: names a number of replicas, which undoes the autoscaler's");
    }

    @Test
    void shouldFindRatioSamplingWithASingleReplica() {
        String alone = "Deployment/weir: sample.ratio, and neither an autoscaler nor replicas that keep two of it";

        assertThat(Sample.unscaled().faults()).containsExactly(alone);
        assertThat(Sample.unscaled()
                        .replacing("revisionHistoryLimit: 3", "replicas: 1")
                        .faults())
                .containsExactly(alone);
        assertThat(Sample.unscaled()
                        .replacing("revisionHistoryLimit: 3", "replicas: 2")
                        .faults())
                .isEmpty();
    }

    @Test
    void shouldFindMetricsThatAreNone() {
        String rule = """
                apiVersion: monitoring.coreos.com/v1
                kind: PrometheusRule
                metadata: { name: weir }
                spec:
                  groups:
                    - name: weir
                      rules:
                        - alert: A
                          expr: rate(weir_dropped_items_total{reason="fault", namespace="x"}[5m]) > 0
                """;

        assertThat(Sample.ratio().and(rule).faults()).isEmpty();
        assertThat(Sample.ratio()
                        .and(rule)
                        .replacing("weir_dropped_items_total", "weir_dropped_spans_total")
                        .faults())
                .containsExactly("PrometheusRule/weir: there is no metric weir_dropped_spans_total");
        assertThat(Sample.ratio().and(rule).replacing("{reason=", "{why=").faults())
                .containsExactly("PrometheusRule/weir: weir_dropped_items_total has no label why");
    }
}
