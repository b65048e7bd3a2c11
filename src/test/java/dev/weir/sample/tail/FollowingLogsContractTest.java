package dev.weir.sample.tail;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the stage owes to the senders of logs that follow their traces: whole answers, and the bytes that came. */
final class FollowingLogsContractTest extends FollowingLogsFixture {

    @Test
    void shouldPassRequestWithoutTracesAsItCame() {
        LogRecord zero = log(0, "zero").toBuilder()
                .setTraceId(ByteString.copyFrom(new byte[16]))
                .build();

        sendLogs(log(0, "none"), zero);

        assertThat(next.logs()).containsExactly(log(0, "none"), zero);
        assertThat(next.payloads.getFirst().bytes())
                .isEqualTo(logs(log(0, "none"), zero).toByteArray());
    }

    @Test
    void shouldKeepResourcesAndScopes() throws InvalidProtocolBufferException {
        ResourceLogs.Builder shop = ResourceLogs.newBuilder()
                .setResource(Resource.newBuilder().addAttributes(attribute("service.name", "shop")))
                .setSchemaUrl("https://example.com/resource");
        ScopeLogs.Builder scope = ScopeLogs.newBuilder()
                .setScope(InstrumentationScope.newBuilder().setName("log4j"))
                .setSchemaUrl("https://example.com/scope");
        sendSpans(span(1, 1, false), span(2, 1, false));
        send(
                Signal.LOGS,
                1,
                ExportLogsServiceRequest.newBuilder()
                        .addResourceLogs(shop.clone().addScopeLogs(scope.clone().addLogRecords(log(1, "a"))))
                        .build());
        send(
                Signal.LOGS,
                2,
                ExportLogsServiceRequest.newBuilder()
                        .addResourceLogs(shop.clone()
                                .addScopeLogs(scope.clone().addLogRecords(log(1, "b")))
                                .addScopeLogs(ScopeLogs.newBuilder().addLogRecords(log(1, "c"))))
                        .build());
        sendSpans(span(1, 2, true));
        awaitNothingHeld();

        List<Payload> logs =
                next.payloads.stream().filter(p -> p.signal() == Signal.LOGS).toList();
        assertThat(logs).hasSize(1);
        assertThat(ExportLogsServiceRequest.parseFrom(logs.getFirst().bytes()))
                .isEqualTo(ExportLogsServiceRequest.newBuilder()
                        .addResourceLogs(shop.clone()
                                .addScopeLogs(
                                        scope.clone().addLogRecords(log(1, "a")).addLogRecords(log(1, "b")))
                                .addScopeLogs(ScopeLogs.newBuilder().addLogRecords(log(1, "c"))))
                        .build());
    }

    @Test
    void shouldRefuseWholeWhenRecordsWithoutTraceAreRefused() {
        stage = stage(LONG);
        next.refusal = Refusal.retryable(Refusal.Reason.QUEUE_FULL, "full", Duration.ofMillis(1));

        sendLogs(log(0, "untraced"), log(1, "traced"));

        assertThat(answers).containsExactly("refused queue_full");
        assertThat(ledger.read(Signal.LOGS).held()).isZero();
        assertThat(budget.used(MemoryBudget.Use.RECEIVE)).isZero();
    }

    @Test
    void shouldPassNothingOfRequestThatCannotBeHeld() {
        stage = stage(LONG);
        String text = "x".repeat(100_000);
        int sent = 0;
        while (!answers.contains("refused memory") && sent < 1000) {
            sent++;
            sendLogs(log(0, "untraced"), log(sent, text));
        }

        assertThat(sent).isBetween(50, 999);
        assertThat(next.logs().stream().filter(log -> log.getTraceId().isEmpty()))
                .hasSize(sent - 1);
    }

    @Test
    void shouldPassWhatIsHeldWhenDrained() {
        stage = stage(LONG);
        sendLogs(log(1, "alone"), log(2, "kept"), log(3, "dropped"));
        sendSpans(span(2, 1, true), span(3, 1, false));

        stage.drain(Deadline.in(Duration.ofSeconds(5)));

        assertThat(next.logs()).containsExactlyInAnyOrder(log(1, "alone"), log(2, "kept"));
    }

    @Test
    void shouldCountWhatIsLeftWhenClosed() {
        stage = stage(LONG);
        sendLogs(log(1, "alone"), log(2, "kept"));

        stage.close();

        assertThat(ledger.read(Signal.LOGS).dropped()).containsEntry("shutdown", 2L);
        assertThat(ledger.read(Signal.LOGS).held()).isZero();
    }
}
