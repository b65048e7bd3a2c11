package dev.weir.sample.tail;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What kept log records say of the probability, read by the generated protobuf. */
final class LogEmissionInteropTest {

    private static final long RANDOMNESS = 0xc0_0000_0000_0000L;
    private static final long QUARTER = 0xc0_0000_0000_0000L;
    private static final long HALF = 0x80_0000_0000_0000L;
    private static final byte[] NO_HEADER = {};

    private final List<LogRecord> taken = new ArrayList<>();
    private final Emission emission = new Emission(1 << 20, this::take);

    @BeforeEach
    void setUp() {
        emission.origin(NO_HEADER, 0, NO_HEADER, 0);
    }

    @Test
    void shouldLeaveRecordsKeptForCertainAsTheyCame() {
        assertThat(kept(0, true, log(null, null))).isEqualTo(log(null, null));
        assertThat(kept(0, true, log("8", null))).isEqualTo(log("8", null));
    }

    @Test
    void shouldWriteThreshold() {
        assertThat(kept(HALF, true, log(null, null))).isEqualTo(log("8", null));
        assertThat(kept(QUARTER, true, log(null, null))).isEqualTo(log("c", null));
    }

    @Test
    void shouldNeverLowerThreshold() {
        assertThat(kept(HALF, true, log("c", null))).isEqualTo(log("c", null));
        assertThat(kept(QUARTER, true, log("8", null))).isEqualTo(log("c", null));
    }

    @Test
    void shouldEraseThresholdThatTheRandomnessContradicts() {
        assertThat(kept(HALF, true, log("d", null))).isEqualTo(log(null, null));
        assertThat(kept(0, true, log("8", "70000000000000"))).isEqualTo(log(null, "70000000000000"));
        assertThat(emission.unwritable()).isZero();
    }

    @Test
    void shouldEraseThresholdWhenTheProbabilityIsUnknown() {
        assertThat(kept(HALF, false, log("8", null))).isEqualTo(log(null, null));
        assertThat(kept(HALF, false, log(null, null))).isEqualTo(log(null, null));
    }

    @Test
    void shouldWriteNoThresholdThatTheRecordsOwnRandomnessContradicts() {
        assertThat(kept(HALF, true, log(null, "70000000000000"))).isEqualTo(log(null, "70000000000000"));
        assertThat(emission.unwritable()).isEqualTo(1);
    }

    @Test
    void shouldLeaveMalformedAloneAndCountIt() {
        assertThat(kept(HALF, true, log("x", null))).isEqualTo(log("x", null));
        assertThat(emission.unwritable()).isEqualTo(1);
        assertThat(kept(0, true, log("x", null))).isEqualTo(log("x", null));
        assertThat(emission.unwritable()).isEqualTo(1);
    }

    @Test
    void shouldBeginAnotherRequestBeforeOneIsTooLarge() {
        List<Integer> sizes = new ArrayList<>();
        Emission small = new Emission(1_000, (request, items) -> sizes.add(request.length));
        small.origin(NO_HEADER, 0, NO_HEADER, 0);
        small.trace(RANDOMNESS, HALF, true, null);
        for (int i = 0; i < 100; i++) {
            byte[] record = log(null, null).toByteArray();
            small.log(ByteBuffer.wrap(record), 0, record.length, false);
        }
        small.flush();

        assertThat(sizes)
                .hasSizeGreaterThan(5)
                .allSatisfy(size -> assertThat(size).isBetween(1, 1_000));
    }

    private LogRecord kept(long threshold, boolean isProbabilityKnown, LogRecord record) {
        byte[] bytes = record.toByteArray();
        boolean hasSampling = record.getAttributesCount() > 1;
        emission.origin(NO_HEADER, 0, NO_HEADER, 0);
        emission.trace(RANDOMNESS, threshold, isProbabilityKnown, null);
        emission.log(ByteBuffer.wrap(bytes), 0, bytes.length, hasSampling);
        emission.flush();
        return taken.removeFirst();
    }

    private void take(byte[] request, int items) {
        try {
            ExportLogsServiceRequest.parseFrom(request)
                    .getResourceLogsList()
                    .forEach(resource ->
                            resource.getScopeLogsList().forEach(scope -> taken.addAll(scope.getLogRecordsList())));
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
        assertThat(taken).hasSize(items);
    }

    private static LogRecord log(@Nullable String threshold, @Nullable String randomness) {
        LogRecord.Builder log = LogRecord.newBuilder()
                .setTimeUnixNano(1)
                .setTraceId(ByteString.copyFrom(new byte[16]))
                .setBody(AnyValue.newBuilder().setStringValue("text"))
                .addAttributes(attribute("a", "b"));
        if (randomness != null) {
            log.addAttributes(attribute("sampling.randomness", randomness));
        }
        if (threshold != null) {
            log.addAttributes(attribute("sampling.threshold", threshold));
        }
        return log.build();
    }

    private static KeyValue attribute(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }
}
