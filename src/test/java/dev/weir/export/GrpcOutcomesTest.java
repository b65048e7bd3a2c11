package dev.weir.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import org.junit.jupiter.api.Test;

class GrpcOutcomesTest {

    @Test
    void shouldTryAgainWhenWeHadNoMemory() {
        Status status = Status.UNKNOWN.withCause(new IllegalStateException(new OutOfMemoryError("direct buffers")));

        assertThat(GrpcOutcomes.of(status, new Metadata(), new byte[0]))
                .isInstanceOf(Outcome.Retryable.class)
                .extracting(Outcome::label)
                .isEqualTo("memory");
    }

    @Test
    void shouldNotTryAgainWhatTheDestinationDoesNotKnow() {
        assertThat(GrpcOutcomes.of(Status.UNKNOWN, new Metadata(), new byte[0])).isInstanceOf(Outcome.Permanent.class);
    }
}
