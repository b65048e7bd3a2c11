package dev.weir.sample.tail;

import static dev.weir.sample.tail.TailFixture.span;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Why a trace was decided when it was: which of the two waits ended first. */
final class DecisionReasonTest {

    @ParameterizedTest
    @CsvSource({
        "10, 3, 0, ROOT_WAIT_OVER", // the root is the first span
        "10, 3, 5, ROOT_WAIT_OVER",
        "10, 3, 8, WAIT_OVER", // the wait after it would end a second after the other
        "10, 30, 0, WAIT_OVER",
        "10, 10, 0, WAIT_OVER", // both end together
        "10, 3, -1, WAIT_OVER", // no root
    })
    void shouldNameTheWaitThatEndedFirst(int wait, int waitAfterRoot, int rootAt, Reason reason) {
        try (TailFixture tail = new TailFixture(
                "- { name: errors, status: [error] }", TailFixture.settings(wait, waitAfterRoot), 16 << 20, 4)) {
            tail.send(span(1, 1, 2).setParentSpanId(TailFixture.spanId(1)).build());
            for (int second = 0; second < wait + 2; second++) {
                if (second == rootAt) {
                    tail.send(span(1, 1, 1).build());
                }
                tail.tick(1);
            }

            assertThat(tail.stage.explain(1, 1).reason()).isEqualTo(reason);
        }
    }
}
