package dev.weir.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration MAX = Duration.ofSeconds(30);

    @Test
    void shouldGrowByTheMultiplierUpToTheMaximum() {
        Backoff backoff = new Backoff(FIRST, 1.5, MAX, always(0.5));

        assertThat(seconds(backoff, 1)).isEqualTo(1.0);
        assertThat(seconds(backoff, 2)).isEqualTo(1.5);
        assertThat(seconds(backoff, 3)).isEqualTo(2.25);
        assertThat(seconds(backoff, 9)).isEqualTo(25.628906, offset(1e-6));
        assertThat(seconds(backoff, 10)).isEqualTo(30.0);
        assertThat(seconds(backoff, 100_000)).isEqualTo(30.0);
    }

    @Test
    void shouldJitterByAFifthAndNeverPassTheMaximum() {
        assertThat(seconds(new Backoff(FIRST, 1.5, MAX, always(0)), 1)).isEqualTo(0.8);
        assertThat(seconds(new Backoff(FIRST, 1.5, MAX, always(Math.nextDown(1.0))), 1))
                .isBetween(1.199, 1.2);
        Backoff random = new Backoff(FIRST, 1.5, MAX, new Random(1));
        for (int i = 0; i < 1000; i++) {
            assertThat(seconds(random, 50)).isBetween(24.0, 30.0);
        }
    }

    @Test
    void shouldPauseAsLongAsAskedAndAtLeastATenthOfASecond() {
        Backoff shortest = new Backoff(FIRST, 1.5, MAX, always(0));
        Backoff longest = new Backoff(FIRST, 1.5, MAX, always(1));

        assertThat(shortest.askedNanos(Duration.ZERO)).isEqualTo(100_000_000L);
        assertThat(longest.askedNanos(Duration.ZERO)).isEqualTo(120_000_000L);
        assertThat(shortest.askedNanos(Duration.ofSeconds(5))).isEqualTo(5_000_000_000L);
        assertThat(longest.askedNanos(Duration.ofSeconds(5))).isEqualTo(6_000_000_000L);
    }

    private static double seconds(Backoff backoff, int failures) {
        return backoff.pauseNanos(failures) / 1e9;
    }

    private static RandomGenerator always(double value) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                return 0;
            }

            @Override
            public double nextDouble() {
                return value;
            }
        };
    }
}
