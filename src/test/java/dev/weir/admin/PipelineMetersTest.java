package dev.weir.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Signal;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class PipelineMetersTest {

    private final Ledger ledger = new Ledger();
    private final PipelineMeters meters = new PipelineMeters(ledger);
    private final MeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void aLaterLookAddsWhatHasOccurredSinceAndWarnsOfNothing() {
        // Given
        List<String> warnings = new ArrayList<>();
        Handler handler = handler(warnings);
        Logger logger = Logger.getLogger("io.micrometer.core.instrument");
        logger.addHandler(handler);
        try {
            meters.bindTo(registry);
            List<Meter> before = registry.getMeters();
            // When
            ledger.rejected(Signal.LOGS, "invalid_log_id", 3);
            meters.bindTo(registry);
            meters.bindTo(registry);
            // Then
            assertThat(registry.getMeters()).containsAll(before).hasSize(before.size() + 1);
            assertThat(registry.get("weir.receive.rejected.items")
                            .tags("signal", "logs", "reason", "invalid_log_id")
                            .functionCounter()
                            .count())
                    .isEqualTo(3);
            assertThat(warnings).isEmpty();
        } finally {
            logger.removeHandler(handler);
        }
    }

    private static Handler handler(List<String> warnings) {
        return new Handler() {
            @Override
            public void publish(LogRecord record) {
                if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
                    warnings.add(record.getMessage());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }
}
