package dev.weir.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.DebugInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AnswersTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));

    @Test
    void shouldReadAPartialSuccess() {
        byte[] response = ExportMetricsServiceResponse.newBuilder()
                .setPartialSuccess(ExportMetricsPartialSuccess.newBuilder()
                        .setRejectedDataPoints(300)
                        .setErrorMessage("zu alt: ümläut"))
                .build()
                .toByteArray();

        assertThat(Answers.taken(response)).isEqualTo(new Outcome.Taken(300, "zu alt: ümläut"));
        assertThat(Answers.taken(new byte[0])).isEqualTo(new Outcome.Taken(0, ""));
    }

    @Test
    void shouldFindTheRetryInfoAmongTheDetails() {
        byte[] status = Status.newBuilder()
                .setCode(14)
                .setMessage("busy")
                .addDetails(Any.pack(DebugInfo.newBuilder().setDetail("x").build()))
                .addDetails(Any.pack(RetryInfo.newBuilder()
                        .setRetryDelay(Duration.newBuilder().setSeconds(2).setNanos(500_000_000))
                        .build()))
                .build()
                .toByteArray();

        assertThat(Answers.retryDelay(status)).isEqualTo(java.time.Duration.ofMillis(2500));
        assertThat(Answers.statusMessage(status)).isEqualTo("busy");
        assertThat(Answers.retryDelay(null)).isNull();
        assertThat(Answers.retryDelay(Status.getDefaultInstance().toByteArray()))
                .isNull();
    }

    @Test
    void shouldReadRetryAfterAsSecondsOrDate() {
        assertThat(Answers.retryAfter("120", CLOCK)).isEqualTo(java.time.Duration.ofMinutes(2));
        assertThat(Answers.retryAfter(" 0 ", CLOCK)).isEqualTo(java.time.Duration.ZERO);
        assertThat(Answers.retryAfter("99999999999999999999", CLOCK)).isEqualTo(java.time.Duration.ofDays(1));
        assertThat(Answers.retryAfter("Fri, 02 Jan 2026 03:04:35 GMT", CLOCK))
                .isEqualTo(java.time.Duration.ofSeconds(30));
        assertThat(Answers.retryAfter("Fri, 02 Jan 2026 03:00:00 GMT", CLOCK)).isEqualTo(java.time.Duration.ZERO);
        assertThat(Answers.retryAfter("Fri, 31 Dec 9999 23:59:59 GMT", CLOCK)).isEqualTo(java.time.Duration.ofDays(1));
        assertThat(Answers.retryAfter("soon", CLOCK)).isNull();
        assertThat(Answers.retryAfter("-1", CLOCK)).isNull();
        assertThat(Answers.retryAfter("", CLOCK)).isNull();
        assertThat(Answers.retryAfter(null, CLOCK)).isNull();
    }

    @Test
    void shouldTakeNonsenseAsNotSaid() {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            assertThat(Answers.taken(bytes)).isNotNull();
            assertThat(Answers.statusMessage(bytes)).isNotNull();
            java.time.Duration delay = Answers.retryDelay(bytes);
            assertThat(delay == null || !delay.isNegative()).isTrue();
        }
    }
}
