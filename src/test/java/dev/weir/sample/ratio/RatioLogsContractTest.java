package dev.weir.sample.ratio;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Signal;
import dev.weir.sample.ratio.RatioConfig.Mode;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the stage does with log records: they follow the attributes or the trace that they name. */
class RatioLogsContractTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // R in the trace id, sampling.randomness, sampling.threshold before and after (DROPPED: sampled out)
                "ffffffffffffff, -, -, 8",
                "00000000000001, -, -, DROPPED",
                "-, -, -, -",
                "-, ffffffffffffff, -, 8",
                "-, 00000000000001, -, DROPPED",
                "ffffffffffffff, 00000000000001, -, DROPPED",
                "00000000000001, 80000000000000, 4, 8",
                "ffffffffffffff, -, c, c",
                "a0000000000000, -, c, -",
                "ffffffffffffff, zz, c, c",
                "ffffffffffffff, -, zz, zz",
                "00000000000001, -, zz, DROPPED"
            })
    void shouldSampleLogsByTheirAttributesAndTraceIds(
            @Nullable String traceId, @Nullable String randomness, @Nullable String before, @Nullable String after)
            throws Exception {
        StageFixture fixture = StageFixture.of(0.5, Mode.EQUALIZING);
        byte[] request = logs(log(traceId, randomness, before));

        Payload passed = fixture.send(Signal.LOGS, request);

        if ("DROPPED".equals(after)) {
            assertThat(passed).isNull();
            assertThat(fixture.ledger.read(Signal.LOGS).sampledOut()).isEqualTo(Map.of("ratio", 1L));
        } else {
            assertThat(passed).isNotNull();
            assertThat(ExportLogsServiceRequest.parseFrom(passed.bytes()))
                    .isEqualTo(ExportLogsServiceRequest.parseFrom(logs(log(traceId, randomness, after))));
        }
    }

    @Test
    void shouldCountLogsWithoutTraceId() {
        StageFixture fixture = StageFixture.of(0.5, Mode.EQUALIZING);

        fixture.send(Signal.LOGS, logs(log(null, null, null)));

        assertThat(fixture.ledger.read(Signal.LOGS).irregular()).isEqualTo(Map.of("no_trace_id", 1L));
    }

    private static LogRecord log(@Nullable String traceId, @Nullable String randomness, @Nullable String threshold) {
        LogRecord.Builder log = LogRecord.newBuilder()
                .setBody(AnyValue.newBuilder().setStringValue("hello"))
                .addAttributes(attribute("a", "b"));
        if (traceId != null) {
            log.setTraceId(ByteString.copyFrom(HexFormat.of().parseHex("0123456789abcdef01" + traceId)));
        }
        if (randomness != null) {
            log.addAttributes(attribute("sampling.randomness", randomness));
        }
        if (threshold != null) {
            log.addAttributes(attribute("sampling.threshold", threshold));
        }
        return log.build();
    }

    private static byte[] logs(LogRecord record) {
        return ExportLogsServiceRequest.newBuilder()
                .addResourceLogs(ResourceLogs.newBuilder()
                        .addScopeLogs(ScopeLogs.newBuilder().addLogRecords(record)))
                .build()
                .toByteArray();
    }

    private static KeyValue attribute(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }
}
