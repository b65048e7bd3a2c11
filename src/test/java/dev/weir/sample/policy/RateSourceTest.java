package dev.weir.sample.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.sample.ratio.Threshold;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateSourceTest {

    private static final double UNLIMITED = Double.POSITIVE_INFINITY;

    private static RateLoad spansPerSecond(double rate, long seed) {
        return new RateLoad(new RateLimits(rate, UNLIMITED, RateLimits.DEFAULT_BURST_NANOS).start(), seed);
    }

    @ParameterizedTest
    @ValueSource(doubles = {60, 100, 1000, 10_000})
    void shouldMeetTheRateAfterAFewIntervals(double tracesPerSecond) {
        RateLoad load = spansPerSecond(500, 1).run(tracesPerSecond, 10);
        load.startCounting();

        load.run(tracesPerSecond, 20);

        assertThat(load.keptSpans / 20.0).isCloseTo(500, within(50.0));
    }

    @Test
    void shouldMeetTheRateInBytes() {
        RateLoad load = new RateLoad(new RateLimits(UNLIMITED, 150_000, RateLimits.DEFAULT_BURST_NANOS).start(), 2);
        load.run(1000, 10).startCounting();

        load.run(1000, 20);

        assertThat(load.keptBytes / 20.0).isCloseTo(150_000, within(15_000.0));
    }

    @Test
    void shouldKeepEverythingUnderTheRate() {
        RateLoad load = spansPerSecond(500, 3).run(30, 20);

        assertThat(load.keptSpans).isEqualTo(load.spans);
        assertThat(load.unknown).isZero();
    }

    @Test
    void shouldFollowALoadThatSteps() {
        RateLoad load = spansPerSecond(500, 4).run(100, 10).run(2000, 5);
        load.startCounting();
        load.run(2000, 10);
        assertThat(load.keptSpans / 10.0).isCloseTo(500, within(50.0));

        load.run(200, 6).startCounting();
        load.run(200, 10);

        assertThat(load.keptSpans / 10.0).isCloseTo(500, within(50.0));
    }

    @Test
    void shouldNotReachItsCeilingUnderASteadyLoad() {
        RateLoad load = spansPerSecond(500, 5).run(1000, 10);
        load.startCounting();

        load.run(1000, 120);

        assertThat(load.refused).isLessThan(10);
        assertThat(load.unknown).isLessThan(120 * 1000 / 20);
    }

    /** 100 times the rate at once: no more than the burst and the rate pass, and T has risen long before the second ends. */
    @Test
    void shouldHoldTheCeilingWhenTheLoadJumps() {
        RateLoad load = spansPerSecond(500, 6).run(10, 10);
        load.startCounting();

        load.run(5000, 1);

        assertThat(load.keptSpans).isBetween(500L, (2 + 1) * 500L + 19);
        assertThat(load.refused).isBetween(1L, 300L);
        assertThat(load.unknown).isPositive();
        load.run(5000, 1).startCounting();
        load.run(5000, 5);
        assertThat(load.unknown).isZero();
    }

    @Test
    void shouldForgetALoadThatIsGone() {
        RateLoad load = spansPerSecond(500, 7).run(5000, 10);
        load.nowNanos += 60 * RateLoad.SECOND;
        load.startCounting();

        load.run(30, 2);

        assertThat(load.keptSpans).isEqualTo(load.spans);
    }

    /** Kept traces, each counted 1/p times, are as many as there were: for constant, stepped and bursty load. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15})
    void shouldCountWithoutBias(long seed) {
        RateLoad load = spansPerSecond(500, seed).run(1000, 60);
        for (int i = 0; i < 20; i++) {
            load.run(200, 7).run(3000, 5);
        }
        for (int i = 0; i < 100; i++) {
            load.run(20_000, 0.05).run(100, 1.2);
        }

        assertThat(load.truth).isGreaterThan(300_000);
        assertThat(load.estimate)
                .as("4 sigma are %s of %s", 4 * Math.sqrt(load.variance), load.truth)
                .isCloseTo(load.truth, within(4 * Math.sqrt(load.variance)));
    }

    /** What a decision is remembered with has four digits: it must be what it was decided with. */
    @Test
    void shouldChooseThresholdsOfFourDigits() {
        ThresholdSource source = new RateLimits(7, UNLIMITED, RateLimits.DEFAULT_BURST_NANOS).start();
        DecidedTrace trace = new DecidedTrace();
        trace.spans = 13;
        boolean raised = false;
        for (int i = 0; i < 10_000; i++) {
            long threshold = source.threshold(trace, i * 1_700_000L);
            source.admits(trace, i * 1_700_000L);
            raised |= threshold > 0;
            assertThat(threshold).isEqualTo(Threshold.roundTo4Digits(threshold));
        }
        assertThat(raised).isTrue();
    }

    @Test
    void shouldLetOneTraceGreaterThanTheBurstPass() {
        ThresholdSource source = new RateLimits(10, UNLIMITED, RateLimits.DEFAULT_BURST_NANOS).start();
        DecidedTrace giant = new DecidedTrace();
        giant.spans = 1000;
        source.threshold(giant, 0);

        assertThat(source.admits(giant, 0)).isTrue();
        assertThat(source.isProbabilityKnown(0)).isTrue();
        assertThat(source.admits(giant, 1)).isFalse();
        assertThat(source.isProbabilityKnown(1)).isFalse();
    }
}
