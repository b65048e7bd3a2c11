package dev.weir.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.export.FakeReceiver.Reply;
import dev.weir.otlp.RequestBytes;
import dev.weir.pipeline.Batch;
import dev.weir.pipeline.ByteSize;
import dev.weir.pipeline.Destination;
import dev.weir.pipeline.Hop;
import dev.weir.pipeline.Signal;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is between destinations and around them. */
class ExportersTest extends DestinationFixture {

    private static final Tracer NO_TRACES = OpenTelemetry.noop().getTracer("test");

    @TempDir
    Path dir;

    @Override
    FakeReceiver newReceiver() {
        return new FakeGrpcReceiver();
    }

    @Test
    void e4ADestinationThatHangsHoldsNoOtherBack() {
        // Given one batch for two destinations, of which the first never answers
        receiver.answer(request -> new Reply.Hang());
        try (FakeReceiver other = new FakeHttpReceiver(VERTX)) {
            exporters = new Exporters(
                    Map.of(NAME, config, "other", TestConfig.to(other)),
                    VERTX,
                    ledger,
                    NO_TRACES,
                    Long.MAX_VALUE,
                    new Hop("ours"));
            AtomicInteger released = new AtomicInteger();
            byte[] bytes = FakeReceiver.spans(0, 10);
            for (int i = 0; i < 20; i++) {
                Batch batch = new Batch(
                        Signal.TRACES,
                        RequestBytes.of(bytes),
                        10,
                        0,
                        exporters.destinations().size(),
                        released::incrementAndGet);
                for (Destination destination : exporters.destinations()) {
                    destination.tryReserve(Signal.TRACES, 10, bytes.length);
                    destination.enqueue(batch, bytes.length);
                }
            }

            // Then the other has them all, and the shared bytes are not released yet
            await().until(() -> ledger.destination("other").read(Signal.TRACES).sent() == 200);
            assertThat(counts().queued()).isEqualTo(200);
            assertThat(released).hasValue(0);

            exporters.close();
            assertThat(released).hasValue(20);
        }
    }

    @Test
    void shouldTellWhichQueuesAreCutToTheirShareOfTheMemory() {
        TestConfig small = TestConfig.to(receiver);
        small.size = ByteSize.of("4MiB");
        TestConfig large = TestConfig.to(receiver);
        large.size = ByteSize.of("8MiB");
        LogLines logged = new LogLines(Exporters.class);
        try (logged) {
            exporters = new Exporters(
                    Map.of("fits", small, NAME, large, "too", large),
                    VERTX,
                    ledger,
                    NO_TRACES,
                    4 << 20,
                    new Hop("ours"));
        }

        assertThat(logged.lines)
                .containsExactly("queue.size of backend, too is cut to 4194304 bytes, an equal share of the memory for"
                        + " queues; raise weir.memory.limit for more");
        assertThat(exporters.status())
                .allSatisfy(status -> assertThat(status.queueLimit()).isEqualTo(4 << 20));
    }

    @Test
    void shouldSendAHeaderOfAFileAsTheFileChanges() throws IOException {
        Path file = Files.writeString(dir.resolve("token"), "Bearer one");
        config.headers = Map.of("Authorization", "file:" + file);
        start();
        send(1);
        awaitSettled();

        Files.writeString(file, "Bearer number two");

        await().untilAsserted(() -> {
            send(1);
            awaitSettled();
            assertThat(receiver.requests().getLast().headers()).containsEntry("authorization", "Bearer number two");
        });
        assertThat(receiver.requests().getFirst().headers()).containsEntry("authorization", "Bearer one");
    }

    @Test
    void shouldNeverShowAHeader() {
        config.headers = Map.of("authorization", "Bearer sesame");
        receiver.answer(request ->
                new Reply.Permanent("not allowed: " + request.headers().get("authorization")));
        start();

        send(1);

        awaitSettled();
        assertThat(status().lastError()).isEqualTo("invalid_argument: not allowed: ***");
        assertThat(status().toString()).doesNotContain("sesame");
        assertThat(exporters.destinations().toString()).doesNotContain("sesame").contains("127.0.0.1");
    }

    @Test
    void shouldRefuseToStartWithFaults() {
        config.endpoint = "jaeger:4317";

        assertThatThrownBy(this::start)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("weir.export.backend.endpoint: 'jaeger:4317' has no scheme; write http://jaeger:4317");
    }

    @Test
    void shouldMakeOneSpanAnAttemptAndNotPropagateIt() {
        Finished finished = new Finished();
        receiver.answer(request -> request.number() == 0 ? new Reply.Retryable(-1) : FakeReceiver.OK);
        try (SdkTracerProvider provider = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(finished))
                .build()) {
            exporters = new Exporters(
                    Map.of(NAME, config), VERTX, ledger, provider.get("weir"), Long.MAX_VALUE, new Hop("ours"));
            send(7);
            awaitSettled();

            assertThat(finished.spans).hasSize(2);
            assertThat(finished.spans)
                    .extracting(span -> span.getAttributes().get(AttributeKey.stringKey("outcome")))
                    .containsExactly("unavailable", "sent");
            assertThat(finished.spans.getFirst().getAttributes().get(AttributeKey.longKey("items")))
                    .isEqualTo(7);
            assertThat(receiver.requests())
                    .allSatisfy(request -> assertThat(request.headers()).doesNotContainKey("traceparent"));
        }
    }

    private static final class Finished implements SpanExporter {
        final List<SpanData> spans = new CopyOnWriteArrayList<>();

        @Override
        public CompletableResultCode export(Collection<SpanData> ended) {
            spans.addAll(ended);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
