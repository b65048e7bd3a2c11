package dev.weir.sample.tail;

import static dev.weir.sample.tail.TailFixture.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.sample.ratio.Threshold;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

/** What can be told of a decision whose explanation is not there. */
final class TraceLookupTest {

    private static final String HALF = "- { name: half, ratio: 0.5 }";
    /** There is room for one explanation in each shard. */
    private static final TailSettings FORGETFUL = new TailSettings(5, 5, 1 << 20, 100_000, false, 1 << 20, 1, 0, false);

    @Test
    void shouldRecallInOutlineWhatIsNoLongerExplained() {
        try (TailFixture tail = new TailFixture(HALF, FORGETFUL, 16 << 20, 1)) {
            tail.send(span(1, -1, 1).build(), span(2, 1, 1).build());
            tail.tick(7);
            tail.send(span(3, 1, 1).build());
            tail.tick(7);

            assertThat(tail.stage.explain(1, -1)).isNull();
            assertThat(tail.stage.recall(1, -1)).satisfies(kept -> {
                assertThat(kept.kept()).isTrue();
                assertThat(kept.policy()).isEqualTo("half");
                assertThat(kept.threshold()).isEqualTo(1L << 55);
                assertThat(kept.isProbabilityKnown()).isTrue();
                assertThat(kept.isAtDoor()).isFalse();
                assertThat(Duration.between(kept.decidedAt(), Instant.now()))
                        .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(30));
            });
            assertThat(tail.stage.recall(2, 1).kept()).isFalse();
            assertThat(tail.stage.recall(9, 9)).as("never seen").isNull();
        }
    }

    @Test
    void shouldRecallWhatNoDiceCouldHaveKept() {
        try (TailFixture tail = new TailFixture("- { name: errors, status: [error] }", FORGETFUL, 16 << 20, 1)) {
            tail.send(span(1, 1, 1).build());
            tail.tick(7);

            assertThat(tail.stage.recall(1, 1).threshold()).isEqualTo(Threshold.NEVER);
        }
    }

    @Test
    void shouldRecallTraceThatLostTheDiceAtTheDoor() {
        String padding = "x".repeat(4000);
        try (TailFixture tail = new TailFixture(HALF, TailFixture.settings(30, 30), 4 << 20, 4)) {
            for (int i = 1; tail.stage.overload() < Overload.SAMPLE_AT_HEAD; i++) {
                assertThat(i).isLessThan(3_000);
                tail.send(span(1, -i, 1)
                        .addAttributes(TailFixture.attribute("padding", padding))
                        .build());
                tail.stage.loop().round();
            }

            assertThat(tail.send(span(7, 1, 1).build())).isTrue();

            assertThat(tail.stage.explain(7, 1)).isNull();
            assertThat(tail.stage.recall(7, 1)).satisfies(lost -> {
                assertThat(lost.kept()).isFalse();
                assertThat(lost.isAtDoor()).isTrue();
                assertThat(lost.policy()).isEqualTo("overload");
                assertThat(lost.threshold()).as("one of two is let in").isEqualTo(1L << 55);
                assertThat(lost.decidedAt()).isCloseTo(Instant.now(), within(5, ChronoUnit.SECONDS));
            });
        }
    }
}
