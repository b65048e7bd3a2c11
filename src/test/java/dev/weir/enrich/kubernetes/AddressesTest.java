package dev.weir.enrich.kubernetes;

import static dev.weir.enrich.kubernetes.PodFixture.nanos;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses are a pod's, and from when until when that is certain. */
class AddressesTest {

    @Test
    void shouldGiveBothAddressesFromTheSecondAfterTheStart() {
        Addresses addresses = addresses("""
                status:
                  phase: Running
                  startTime: "2026-01-31T10:00:00Z"
                  podIP: 10.1.0.5
                  podIPs: [ { ip: 10.1.0.5 }, { ip: "fd00::5" } ]
                """);

        assertThat(addresses.ips()).containsExactly("10.1.0.5", "fd00::5");
        assertThat(addresses.since()).isEqualTo(nanos("2026-01-31T10:00:01Z"));
        assertThat(addresses.until()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldCountFromTheSandboxNotFromWhenTheNodeTookThePodUp() {
        assertThat(addresses("""
                status:
                  startTime: "2026-01-31T10:00:00Z"
                  podIP: 10.1.0.5
                  conditions:
                  - { type: PodReadyToStartContainers, status: "True", lastTransitionTime: "2026-01-31T10:00:30Z" }
                  containerStatuses: [ { state: { running: { startedAt: "2026-01-31T10:00:40Z" } } } ]
                """).since()).isEqualTo(nanos("2026-01-31T10:00:31Z"));
    }

    @Test
    void shouldCountFromTheFirstContainerWhereTheSandboxIsNotTold() {
        assertThat(addresses("""
                status:
                  startTime: "2026-01-31T10:00:00Z"
                  podIP: 10.1.0.5
                  initContainerStatuses: [ { state: { terminated: { startedAt: "2026-01-31T10:00:20Z" } } } ]
                  containerStatuses: [ { state: { running: { startedAt: "2026-01-31T10:00:40Z" } } }, { state: { waiting: {} } } ]
                """).since()).isEqualTo(nanos("2026-01-31T10:00:21Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status: { phase: Succeeded, startTime: 2026-01-31T10:00:00Z, podIP: 10.1.0.5 }",
                "status: { phase: Failed, startTime: 2026-01-31T10:00:00Z, podIP: 10.1.0.5 }",
                "status: { phase: Running, startTime: 2026-01-31T10:00:00Z, podIP: 10.1.0.5, hostIP: 10.1.0.5 }",
                "status: { phase: Running, startTime: 2026-01-31T10:00:00Z, podIP: 10.1.0.5, hostIPs: [ { ip: 10.1.0.5 } ] }",
                "{ spec: { hostNetwork: true }, status: { startTime: 2026-01-31T10:00:00Z, podIP: 10.1.0.5 } }",
                "status: { phase: Running, startTime: 2026-01-31T10:00:00Z }",
                "status: { phase: Running, podIP: 10.1.0.5 }",
                "status: { phase: Running, startTime: soon, podIP: 10.1.0.5 }",
                "status: { startTime: 2026-01-31T10:00:00Z, podIP: 10.1.0.5, containerStatuses: [ { state: { waiting: {} } } ] }",
                "status: { startTime: 2026-01-31T10:00:00Z, podIP: 10.1.0.5, conditions: [ { type: PodReadyToStartContainers, status: 'False' } ] }",
            })
    void shouldGiveNoneWhenItIsNotThePodsAlone(String pod) {
        assertThat(addresses(pod)).isEqualTo(Addresses.NONE);
    }

    @Test
    void shouldEndWhenThePodIsToldToEndNotWhenItHasToBeGone() {
        assertThat(addresses("""
                metadata: { deletionTimestamp: "2026-01-31T11:00:30Z", deletionGracePeriodSeconds: 30 }
                status: { phase: Running, startTime: "2026-01-31T10:00:00Z", podIP: 10.1.0.5 }
                """).until()).isEqualTo(nanos("2026-01-31T11:00:00Z"));
    }

    @Test
    void shouldBearAnyGracePeriod() {
        assertThat(addresses("""
                metadata: { deletionTimestamp: "2026-01-31T11:00:30Z", deletionGracePeriodSeconds: 9223372036854775807 }
                status: { phase: Running, startTime: "2026-01-31T10:00:00Z", podIP: 10.1.0.5 }
                """).until()).isLessThan(nanos("2026-01-31T11:00:00Z"));
    }

    private static Addresses addresses(String pod) {
        return Addresses.of(PodFixture.yaml(pod));
    }
}
