package dev.weir.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Broken samples of how a mesh treats a busy Weir. */
final class TrafficRuleTest {

    private static final String TRAFFIC = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: { name: weir }
            spec:
              host: weir.observability.svc.cluster.local
              trafficPolicy:
                connectionPool: { http: { http2MaxRequests: 1000 } }
                outlierDetection:
                  { splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 5, consecutive5xxErrors: 0,
                    consecutiveGatewayErrors: 0, maxEjectionPercent: 50 }
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: { name: weir }
            spec:
              hosts: [weir]
              http:
                - name: otlp
                  retries: { attempts: 1, retryOn: "connect-failure,refused-stream" }
                  route: [ { destination: { host: weir.observability.svc.cluster.local, port: { number: 4317 } } } ]
            """;

    /** Something that is right, what takes its place, and what is said then. */
    @ParameterizedTest(name = "{2} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            consecutive5xxErrors: 0,              | consecutive5xxErrors: 5, | DestinationRule/weir: throws Weir out for its answers
            consecutive5xxErrors: 0,              | ``                       | DestinationRule/weir: throws Weir out for its answers
            splitExternalLocalOriginErrors: true, | ``                       | DestinationRule/weir: throws Weir out for its answers
            consecutiveLocalOriginFailures: 5,    | ``                       | DestinationRule/weir: does not say after how many failures
            maxEjectionPercent: 50                | maxEjectionPercent: 100  | DestinationRule/weir: may throw out 100 % of the pods
            http2MaxRequests: 1000                | maxRequestsPerConnection: 10 | DestinationRule/weir: makes a new connection for every 10
            attempts: 1,                          | attempts: 3,             | VirtualService/weir otlp: tries again 3 times
            connect-failure,refused-stream        | unavailable,connect-failure | VirtualService/weir otlp: tries again
            "connect-failure,refused-stream"      | ""                       | VirtualService/weir otlp: tries again
            retries:                              | fault:                   | VirtualService/weir otlp: tries again
            disableSpanReporting: true            | disableSpanReporting: false | no Telemetry with disableSpanReporting
            matchLabels: { app.kubernetes.io/name: weir } }\\n  tracing | matchLabels: { app: weir } }\\n  tracing | no Telemetry with disableSpanReporting
            """)
    void shouldFindWhatMakesABusyWeirBusier(String old, String next, String said) {
        Sample right = Sample.sidecar().and(TRAFFIC);

        assertThat(right.faults()).isEmpty();
        assertThat(right.replacing(old.replace("\\n", "\n"), next.replace("\\n", "\n"))
                        .faults())
                .anySatisfy(fault -> assertThat(fault).contains(said));
    }

    @Test
    void shouldFindACanaryThatIsTreatedOtherwise() {
        String canary = """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: { name: weir-canary }
                spec:
                  host: weir-canary.observability.svc.cluster.local
                  trafficPolicy:
                    loadBalancer: { simple: LEAST_REQUEST }
                """;

        assertThat(Sample.sidecar().and(TRAFFIC).and(canary).faults())
                .containsExactly("DestinationRule/weir-canary: treats Weir otherwise than DestinationRule/weir");
    }
}
