package dev.weir.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.otlp.RequestBytes;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What throws on the way of one request harms that one alone. */
class LaneFaultTest extends LaneFixture {

    @Test
    void shouldGoOnWhenTheTransportThrows() {
        // Given a transport that fails on one request
        Lane lane = lane(1, false);
        transport.answer = piece -> {
            if (piece == 1) {
                throw new IllegalStateException("a bug");
            }
            return TAKEN;
        };

        // When
        lane.add(piece(0));
        lane.add(piece(1));
        lane.add(piece(2));
        lane.drain(Duration.ofSeconds(3).toNanos(), () -> idle.add("idle"));
        loop.runTasks();

        // Then that one is dropped, once, and is not under way any more
        assertThat(record.sent).containsExactly(0, 2);
        assertThat(record.dropped).containsExactly("1 internal_error");
        assertThat(record.cancelled).isEqualTo(1);
        assertThat(idle).containsExactly("idle");
    }

    @Test
    void shouldTryAgainWhatTheNetworkHasNoMemoryFor() {
        // Given a transport that cannot get buffers
        Lane lane = lane(4, false);
        transport.answer = piece -> {
            throw new OutOfMemoryError("direct buffers");
        };
        for (int i = 0; i < 10; i++) {
            lane.add(piece(i));
        }
        loop.pass(Duration.ofSeconds(20));
        assertThat(record.dropped).isEmpty();

        // When there is memory again
        transport.answer = piece -> TAKEN;
        loop.pass(Duration.ofSeconds(40));

        // Then nothing is lost
        assertThat(record.sent).hasSize(10).doesNotHaveDuplicates();
        assertThat(record.dropped).isEmpty();
        assertThat(window.underWay()).isZero();
    }

    @Test
    void shouldNotSettleTwiceWhenTheTransportTellsAndThrows() {
        Lane lane = lane(1, false);
        transport.tellBeforeThrowing = true;

        lane.add(piece(1));
        lane.add(piece(2));
        loop.runTasks();

        assertThat(record.sent).isEmpty();
        assertThat(record.dropped).containsExactly("1 internal_error", "2 internal_error");
    }

    @Test
    void shouldGoOnWhenItsRequestsCannotBeSettled() {
        Lane lane = lane(1, true);
        record.failing = 1;

        lane.add(piece(0));
        lane.add(piece(1));
        lane.add(piece(2));
        loop.runTasks();

        assertThat(record.sent).containsExactly(0, 2);
        assertThat(record.dropped).containsExactly("1 internal_error");
    }

    @Test
    void shouldGoOnWhenARequestCannotBeSplit() {
        // Given a request that has not got the items that it is said to have
        Lane lane = lane(1, false);
        transport.answer = piece -> piece == 1 ? new Outcome.TooLarge("http_413", "") : TAKEN;

        // When
        lane.add(new Piece(piece(1).delivery, RequestBytes.of(new byte[] {1, 2, 3}), 2));
        lane.add(piece(2));
        loop.runTasks();

        // Then
        assertThat(record.sent).containsExactly(2);
        assertThat(record.dropped).hasSize(1);
    }
}
