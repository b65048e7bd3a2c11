package dev.weir.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code load-tests/bench} for a second: a block against the packaged application counts, and one that loses spans does not. */
class BenchIT {

    private static final int RATE = 5_000;

    @Test
    void shouldMeasureABlockInWhichEverythingArrives() {
        Result result = block("pass", new Expectation(1, 0, false));

        assertThat(result.fault()).isEmpty();
        assertThat(result.arrived()).isEqualTo(result.sent()).isEqualTo(RATE);
        assertThat(result.c()).isPositive();
        assertThat(result.resident()).isPositive();
        assertThat(result.ack50()).isPositive();
    }

    @Test
    void shouldKnowWhatASamplerMayKeep() {
        assertThat(block("ratio", new Expectation(0.1, 0, false)).fault()).isEmpty();
    }

    @Test
    void shouldCallABlockVoidWhenSpansAreMissing() {
        assertThat(block("ratio", new Expectation(1, 0, false)).fault()).contains("hashes differ");
    }

    private static Result block(String config, Expectation expectation) {
        Scenario scenario = Scenario.named("pass-100");
        try (Loop loop = new Loop()) {
            List<Sink> sinks = List.of(new Sink(loop));
            try (GatewayProcess gateway = GatewayProcess.start(Gateway.WEIR, config, sinks, "")) {
                Block block = new Block(loop, sinks, 1, Double.POSITIVE_INFINITY);
                return block.run(gateway, scenario.load(), Map.of(), RATE, 1, expectation);
            }
        }
    }
}
