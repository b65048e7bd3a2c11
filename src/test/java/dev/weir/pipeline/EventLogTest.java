package dev.weir.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventLogTest {

    private final List<String> lines = new ArrayList<>();
    private long now;
    private final EventLog log = new EventLog(lines::add, () -> now, Duration.ofSeconds(30));

    @Test
    void shouldLogTheFirstAtOnceAndSummariseTheRest() {
        for (int i = 0; i < 10; i++) {
            log.warn("down", "backend is down " + i);
            pass(1);
        }
        assertThat(lines).containsExactly("backend is down 0");

        pass(20);
        log.warn("down", "backend is down 10");

        assertThat(lines).containsExactly("backend is down 0", "backend is down 10 (10 times in 30 s)");
    }

    @Test
    void shouldTellKindsApart() {
        log.warn("a", "first");
        log.warn("b", "second");

        assertThat(lines).containsExactly("first", "second");
    }

    @Test
    void shouldNotLoseTheLastOfASeries() {
        log.warn("a", "first");
        log.warn("a", "second");
        log.warn("a", "third");
        log.summarise();
        assertThat(lines).containsExactly("first");

        pass(30);
        log.summarise();
        log.summarise();

        assertThat(lines).containsExactly("first", "third (2 times in 30 s)");
    }

    @Test
    void shouldBoundTheKinds() {
        for (int i = 0; i < 10_000; i++) {
            log.warn("kind " + i, "line");
        }

        assertThat(lines).hasSize(EventLog.MAX_KEYS + 1);
    }

    private void pass(int seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
    }
}
