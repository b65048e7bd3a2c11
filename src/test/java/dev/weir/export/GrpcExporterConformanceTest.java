package dev.weir.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The rows E1 to E6 over gRPC. */
class GrpcExporterConformanceTest extends ExporterConformance {

    @Override
    FakeReceiver newReceiver() {
        return new FakeGrpcReceiver();
    }

    @Override
    List<Integer> retryable() {
        // CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS
        return List.of(1, 4, 10, 11, 14, 15);
    }

    @Override
    Map<Integer, String> permanent() {
        return new TreeMap<>(Map.of(
                2, "permanent_unknown",
                3, "permanent_invalid_argument",
                5, "permanent_not_found",
                6, "permanent_already_exists",
                7, "permanent_permission_denied",
                8, "permanent_resource_exhausted",
                9, "permanent_failed_precondition",
                12, "permanent_unimplemented",
                13, "permanent_internal",
                16, "permanent_unauthenticated"));
    }

    @Test
    void e1ResourceExhaustedIsRetryableOnlyWithRetryInfo() {
        Status exhausted = Status.RESOURCE_EXHAUSTED.withDescription("quota");

        assertThat(GrpcOutcomes.of(exhausted, FakeGrpcReceiver.retryInfo(3), new byte[0]))
                .isEqualTo(new Outcome.Retryable("resource_exhausted", "quota", Duration.ofSeconds(3)));
        assertThat(GrpcOutcomes.of(exhausted, new Metadata(), new byte[0]))
                .isEqualTo(new Outcome.Permanent("resource_exhausted", "quota"));
    }

    @Test
    void e5TooLargeIsWhatTheReceiversSay() {
        assertThat(
                        List.of(
                                Status.RESOURCE_EXHAUSTED.withDescription(
                                        "grpc: received message larger than max (5242899 vs. 4194304)"),
                                Status.RESOURCE_EXHAUSTED.withDescription(
                                        "gRPC message exceeds maximum size 4194304: 5242899"),
                                Status.OUT_OF_RANGE.withDescription(
                                        "Error, decoded message length too large: found 5242899 bytes, the limit is: 4194304 bytes")))
                .allSatisfy(status -> assertThat(GrpcOutcomes.of(status, new Metadata(), new byte[0]))
                        .isInstanceOf(Outcome.TooLarge.class));
    }
}
