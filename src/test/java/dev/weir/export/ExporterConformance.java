package dev.weir.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.export.FakeReceiver.Reply;
import dev.weir.export.FakeReceiver.Request;
import dev.weir.pipeline.ByteSize;
import dev.weir.pipeline.DestinationLedger;
import dev.weir.pipeline.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rows E1 to E6 that hold for both protocols. */
abstract class ExporterConformance extends DestinationFixture {

    /** Codes that a request is tried again after. */
    abstract List<Integer> retryable();

    /** Codes that it is not, with the reason it is then dropped for. */
    abstract Map<Integer, String> permanent();

    @Test
    void e1RetryableCodesAreTriedAgain() {
        for (int code : retryable()) {
            int before = receiver.requests().size();
            AtomicInteger answers = new AtomicInteger();
            receiver.answer(request -> answers.getAndIncrement() == 0 ? new Reply.Code(code) : FakeReceiver.OK);
            if (exporters == null) {
                start();
            }

            send(1);

            awaitSettled();
            assertThat(receiver.requests().size() - before)
                    .describedAs("requests after code %d", code)
                    .isEqualTo(2);
        }
        assertThat(counts().sent()).isEqualTo(retryable().size());
    }

    @Test
    void e1EveryOtherCodeIsPermanentAndCountedWithItsReason() {
        AtomicInteger current = new AtomicInteger();
        receiver.answer(request -> new Reply.Code(current.get()));
        start();

        permanent().forEach((code, reason) -> {
            current.set(code);
            long before = counts().dropped().getOrDefault(reason, 0L);
            int requests = receiver.requests().size();
            send(1);
            awaitSettled();
            assertThat(counts().dropped()).describedAs("code %d", code).containsEntry(reason, before + 1);
            assertThat(receiver.requests()).hasSize(requests + 1);
        });
        assertThat(status().state()).isEqualTo(DestinationStatus.State.FAILING);
    }

    @Test
    void e2TheDelayTheDestinationAsksForIsObeyed() {
        receiver.answer(request -> request.number() == 0 ? new Reply.Retryable(1) : FakeReceiver.OK);
        start();
        long begun = System.nanoTime();

        send(1);

        awaitSettled();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void e2TheDelayIsBoundedByWhatIsLeftOfTheTotal() {
        config.total = Duration.ofMillis(300);
        receiver.answer(request -> new Reply.Retryable(3600));
        start();

        send(4);

        awaitSettled();
        assertThat(counts().dropped()).isEqualTo(Map.of("retries_exhausted", 4L));
        assertThat(receiver.requests()).hasSize(2);
    }

    @Test
    void e3APartialSuccessIsCountedAndNeverRetried() {
        receiver.answer(request -> new Reply.Partial(1, "one is bad"));
        start();

        send(3);
        send(3);

        awaitSettled();
        assertThat(counts().rejected()).isEqualTo(2);
        assertThat(counts().sent()).isEqualTo(4);
        assertThat(receiver.requests()).hasSize(2);
    }

    @Test
    void e3APartialSuccessIsLoggedOnceAnInterval() {
        receiver.answer(request -> new Reply.Partial(1, "bad is number " + request.number()));
        try (LogLines logged = new LogLines(Exporters.class)) {
            start();

            for (int i = 0; i < 3; i++) {
                send(3);
                awaitSettled();
            }

            assertThat(counts().rejected()).isEqualTo(3);
            assertThat(logged.lines)
                    .filteredOn(line -> line.contains("rejected"))
                    .containsExactly("export.backend: rejected 1 of 3 spans: bad is number 0");
        }
    }

    @Test
    void e3AnAnswerThatIsTooLongToBeReadIsStillOne() {
        receiver.answer(request -> new Reply.Partial(0, "x".repeat(Answers.MAX_BYTES)));
        start();

        send(4);

        awaitSettled();
        assertThat(receiver.requests()).hasSize(1);
        assertThat(counts().dropped()).isEmpty();
        assertThat(counts().sent()).isEqualTo(4);
    }

    @Test
    void e5ABatchThatIsRefusedAsTooLargeIsSplitAndSentAgain() {
        int limit = FakeReceiver.spans(0, 30).length;
        receiver.answer(request -> request.bytes().length > limit ? new Reply.TooLarge() : FakeReceiver.OK);
        start();

        send(100);

        awaitSettled();
        assertThat(receiver.spansTaken()).containsExactlyInAnyOrderElementsOf(numbers(100));
        assertThat(counts().sent()).isEqualTo(100);
    }

    @Test
    void e5ASingleItemThatIsTooLargeIsDropped() {
        receiver.answer(request -> request.spans().contains(2L) ? new Reply.TooLarge() : FakeReceiver.OK);
        start();

        send(4);

        awaitSettled();
        assertThat(receiver.spansTaken()).containsExactlyInAnyOrder(0L, 1L, 3L);
        assertThat(counts().dropped()).isEqualTo(Map.of("too_large", 1L));
    }

    @Test
    void e5NoRequestIsOverTheDestinationsLimit() {
        config.maxMessageSize = new ByteSize(FakeReceiver.spans(0, 30).length);
        start();

        send(100);

        awaitSettled();
        assertThat(receiver.requests())
                .hasSizeGreaterThan(3)
                .allSatisfy(request ->
                        assertThat(request.bytes()).hasSizeLessThanOrEqualTo(config.maxMessageSize.intBytes()));
        assertThat(receiver.spansTaken()).containsExactlyInAnyOrderElementsOf(numbers(100));
    }

    @Test
    void e6MetricsKeepTheirOrderThroughRetries() {
        receiver.answer(request -> request.number() % 3 == 0 ? new Reply.Retryable(-1) : FakeReceiver.OK);
        start();

        for (byte i = 1; i <= 10; i++) {
            send(Signal.METRICS, new byte[] {(byte) 0x98, 0x06, i}, 1); // field 99, unknown: its number
        }

        awaitSettled();
        List<Integer> order = receiver.requests().stream()
                .map(request -> (int) request.bytes()[2])
                .distinct()
                .toList();
        assertThat(order).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        assertThat(counts(Signal.METRICS).sent()).isEqualTo(10);
    }

    @Test
    void e6ARetryHoldsBackItsLaneOnly() {
        receiver.answer(request -> request.signal() == Signal.METRICS ? new Reply.Retryable(3600) : FakeReceiver.OK);
        start();

        send(Signal.METRICS, FakeReceiver.empty(Signal.METRICS), 1);
        await().until(() -> status().lastError() != null);
        send(5);
        send(Signal.LOGS, FakeReceiver.empty(Signal.LOGS), 1);

        await().until(() -> counts().sent() == 5 && counts(Signal.LOGS).sent() == 1);
        DestinationLedger.Counts metrics = counts(Signal.METRICS);
        assertThat(metrics.queued()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(ExportConfig.Compression.class)
    void shouldCompress(ExportConfig.Compression compression) {
        config.compression = compression;
        start();

        send(200);

        awaitSettled();
        assertThat(receiver.spansTaken()).containsExactlyInAnyOrderElementsOf(numbers(200));
        Request request = receiver.requests().getFirst();
        String header = config.protocol.equals("grpc") ? "grpc-encoding" : "content-encoding";
        assertThat(request.headers().getOrDefault(header, "none").replace("identity", "none"))
                .isEqualTo(compression.name().toLowerCase(Locale.ROOT));
    }
}
