package dev.weir.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Broken samples of Weir in ambient mode. */
final class AmbientRuleTest {

    @Test
    void shouldFindNothingInWhatIsRight() {
        assertThat(Sample.ambient().faults()).isEmpty();
    }

    /** Something that is right, what takes its place, and what is said then. */
    @ParameterizedTest(name = "{2} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            client-identity: "true"             | client-identity: "false"          | Gateway/waypoint: without ambient.istio.io/xfcc-include-client-identity
            istio.io/use-waypoint: waypoint     | istio.io/use-waypoint: other      | Service/weir: istio.io/use-waypoint names no waypoint
            istio.io/use-waypoint: waypoint     | app: weir                         | Service/weir: istio.io/use-waypoint names no waypoint
            - disableSpanReporting: true        | - disableSpanReporting: false     | Gateway/waypoint: no Telemetry with disableSpanReporting
            kind: Gateway, name: waypoint       | kind: Gateway, name: other        | Gateway/waypoint: no Telemetry with disableSpanReporting
            kind: Service, name: weir }         | kind: Service, name: other }      | Service/weir: no AuthorizationPolicy tells the waypoint
            port: 15008                         | port: 15009                       | Deployment/weir: no NetworkPolicy lets in and out by 15008
            gateway-name: waypoint              | gateway-name: other               | Gateway/waypoint: no NetworkPolicy lets in by 15008
            port: 15020                         | port: 15021                       | Gateway/waypoint: no NetworkPolicy lets Prometheus to 15020
            sa/waypoint" ]                      | sa/other" ]                       | weir.mesh.waypoints does not name Gateway/waypoint
            """)
    void shouldFindAWaypointThatDoesNotFit(String old, String next, String said) {
        assertThat(Sample.ambient().replacing(old, next).faults())
                .anySatisfy(fault -> assertThat(fault).contains(said));
    }
}
