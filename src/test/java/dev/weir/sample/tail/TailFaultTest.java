package dev.weir.sample.tail;

import static dev.weir.sample.tail.TailFixture.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.pipeline.Ack;
import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Sender;
import dev.weir.pipeline.Signal;
import dev.weir.pipeline.Stage;
import dev.weir.sample.policy.PolicyReader;
import dev.weir.sample.policy.Rules;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Errors on the way: nothing is lost that is not counted, and the next trace fares as if there had been none. */
final class TailFaultTest {

    private static final int WARM_UP = 100;
    private static final String ALL = "- { name: all, always: true }";
    private static final String FINE = "- { name: fine, not: { status: [error] } }";
    private static final String ERRORS = "- { name: errors, status: [error] }";

    @Test
    void shouldCountWhatCouldNotBeHeldAsDroppedWhenTheRestIsHeld() {
        try (TailFixture tail = new TailFixture(ERRORS, TailFixture.settings(5, 5), 16 << 20, 4)) {
            List<Span> spans = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                spans.add(span(1, i, i + 1).build());
            }
            Shard broken = tail.stage.shardOf(1, 1);
            broken.held.table().close();

            assertThat(tail.send(spans)).isTrue();

            long lost = tail.ledger.read(Signal.TRACES).dropped().getOrDefault("fault", 0L);
            assertThat(lost).isBetween(1L, 60L);
            assertThat(tail.held()).isEqualTo(100 - lost);
            tail.tick(10);
            assertThat(tail.held()).isZero();
        }
    }

    @Test
    void shouldLetRootOfTraceThatIsTakenOutInSlicesFollowIt() {
        try (TailFixture tail = new TailFixture(
                FINE, new TailSettings(60, 7, 64 << 20, 40_000, false, 1 << 20, 1 << 20, 0, false), 64 << 20, 1)) {
            for (int r = 0; r < 40; r++) {
                List<Span> spans = new ArrayList<>();
                for (int i = 0; i < 1000; i++) {
                    spans.add(child(1, 7, r * 1000 + i + 2));
                }
                tail.send(spans);
            }
            assertThat(tail.stage.loop().round()).as("a slice is taken out").isTrue();
            assertThat(tail.stage.isHeld(1, 7)).isTrue();

            tail.send(span(1, 7, 1).build());
            tail.round();

            assertThat(tail.next.items()).isEqualTo(40_001);
            assertThat(tail.stage.explain(1, 7).lateSpans()).isEqualTo(1);
            for (int i = 0; i < 100; i++) { // whose records take the place of the first
                tail.send(child(2, i, 1));
            }
            tail.tick(20);
            assertThat(tail.held()).as("is not due before its time").isEqualTo(100);
            tail.tick(60);
            assertThat(tail.next.items()).isEqualTo(40_101);
        }
    }

    @Test
    void shouldGoOnAfterErrorOfTheNextStage() {
        try (TailFixture tail = new TailFixture(ALL, TailFixture.settings(5, 5), 16 << 20, 4)) {
            tail.next.throwsOnce = true;
            tail.send(span(1, 1, 1).build());
            tail.tick(10);
            assertThat(tail.ledger.read(Signal.TRACES).dropped()).isEqualTo(Map.of("fault", 1L));

            tail.send(span(1, 2, 1).build());
            tail.tick(10);

            assertThat(tail.next.spans()).hasSize(1);
            assertThat(tail.held()).isZero();
        }
    }

    @Test
    void shouldTellSampledOutWhileTheNextStageHasNoRoom() {
        try (TailFixture tail = new TailFixture(ERRORS, TailFixture.settings(1, 1), 16 << 20, 1)) {
            for (int i = 0; i < WARM_UP; i++) { // a round is only so long, and a cold decision takes all of it
                tail.send(span(2, i, 1).build(), error(3, i, 1));
                tail.tick(3);
            }
            tail.next.refusals = Integer.MAX_VALUE;
            tail.send(span(1, 1, 1).build(), error(1, 2, 1));
            tail.nanos.addAndGet(10 * TailFixture.SECOND);
            tail.stage.loop().start(); // both are due

            await().until(() -> tail.ledger.read(Signal.TRACES).sampledOut().get("none") == WARM_UP + 1);
            tail.assertConserved();
            assertThat(tail.held()).isEqualTo(1);
            assertThat(tail.stage.overload()).isZero();

            tail.nanos.addAndGet(10 * TailFixture.SECOND);
            await().until(() -> tail.stage.overload() == Overload.SAMPLE_AT_HEAD);
            tail.next.refusals = 0;
            await().until(() -> tail.held() == 0);
        }
    }

    @Test
    void shouldKeepTraceThatCannotBeJudged() {
        try (TailFixture tail = new TailFixture(ERRORS, TailFixture.settings(5, 5), 16 << 20, 4)) {
            tail.rules = Rules.compile(PolicyReader.readFile(ERRORS).policies(), null, () -> {
                throw new IllegalStateException("a broken clock");
            });
            tail.send(span(1, 1, 1).setTraceState("ot=th:8").build());
            tail.tick(10);
            tail.rules = TailFixture.rules(ERRORS, tail.rules);
            tail.send(span(1, 2, 1).build(), span(1, 1, 2).build());
            tail.tick(10);

            assertThat(tail.next.spans())
                    .hasSize(2)
                    .allSatisfy(span -> assertThat(span.getTraceState()).isEmpty());
            assertThat(tail.ledger.read(Signal.TRACES).sampledOut()).isEqualTo(Map.of("none", 1L));
            assertThat(tail.stage.explain(1, 1).policy()).isEqualTo("fault");
        }
    }

    @Test
    void shouldGoOnDecidingAfterErrors() {
        AtomicReference<Rules> rules = new AtomicReference<>(TailFixture.rules(ERRORS, null));
        AtomicInteger errors = new AtomicInteger();
        Ledger ledger = new Ledger();
        try (TailStage stage = new TailStage(
                TailFixture.settings(1, 1),
                16 << 20,
                1,
                () -> {
                    if (errors.get() > 0) {
                        errors.decrementAndGet();
                        throw new AssertionError("a broken source of rules");
                    }
                    return rules.get();
                },
                new MemoryBudget(17 << 20, 0, 0, 0),
                ledger,
                new NoStage())) {
            errors.set(3);
            await().until(() -> errors.get() == 0);

            stage.accept(new Payload(
                    Signal.TRACES,
                    TailFixture.request("shop", List.of(span(1, 1, 1).build())),
                    1,
                    new Sender(Sender.Protocol.GRPC, null, "test:1", 1),
                    0,
                    new NoAck()));

            await().untilAsserted(() ->
                    assertThat(ledger.read(Signal.TRACES).sampledOut()).containsEntry("none", 1L));
        }
    }

    @Test
    void shouldHoldNothingOnceClosed() {
        TailFixture tail = new TailFixture(ERRORS, TailFixture.settings(60, 60), 16 << 20, 4);
        tail.send(span(1, 1, 1).build());
        tail.close();

        assertThat(tail.send(span(1, 1, 1).build())).isFalse();
        assertThat(tail.ledger.read(Signal.TRACES).dropped()).isEqualTo(Map.of("shutdown", 1L));
    }

    @Test
    void shouldNotStayInMemoryOnceClosed() {
        WeakReference<TailStage> closed = new WeakReference<>(used());

        await().until(() -> {
            System.gc();
            return closed.get() == null;
        });
    }

    private static TailStage used() {
        try (TailFixture tail = new TailFixture(ERRORS, TailFixture.settings(60, 60), 16 << 20, 4)) {
            tail.send(span(1, 1, 1).build());
            return tail.stage;
        }
    }

    @Test
    void shouldReserveNothingForRequestThatWasGivenUp() {
        HeldFixture held = new HeldFixture(16 << 20, 1);
        held.reservation.add(0, 8 << 20);
        held.reservation.close();

        assertThat(held.reservation.tryTake()).isTrue();

        long before = held.used();
        held.reservation.close();
        assertThat(held.used()).isEqualTo(before);
    }

    private static final class NoStage implements Stage {
        @Override
        public void accept(Payload payload) {
            throw new AssertionError("nothing is kept");
        }

        @Override
        public void drain(Deadline deadline) {
            // nothing is held
        }
    }

    private static final class NoAck extends Ack {
        @Override
        protected void onAccepted() {
            // as expected
        }

        @Override
        protected void onRefused(Refusal refusal) {
            throw new AssertionError(refusal.message());
        }
    }

    private static Span child(long high, long low, long id) {
        return span(high, low, id).setParentSpanId(TailFixture.spanId(1)).build();
    }

    private static Span error(long high, long low, long id) {
        return span(high, low, id)
                .setStatus(Status.newBuilder().setCodeValue(2))
                .build();
    }
}
