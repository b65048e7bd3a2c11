package dev.weir.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.enrich.identity.Outcome;
import dev.weir.enrich.senders.SenderKey;
import dev.weir.enrich.senders.Senders;
import dev.weir.pipeline.Sender.Protocol;
import dev.weir.pipeline.Signal;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SenderMetersTest {

    private final Senders senders = new Senders(10);
    private final SenderMeters meters = new SenderMeters(senders);
    private final MeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void shouldMakeNoSeriesOfSendersNames() {
        meters.bindTo(registry);
        int before = registry.getMeters().size();

        for (int i = 0; i < 7; i++) {
            SenderKey key = SenderKey.verified("sender " + i, false);
            senders.note(key, Protocol.GRPC, Signal.TRACES, 1, 10, i < 2, 1_763_700_000_000L);
        }
        meters.bindTo(registry);

        assertThat(registry.getMeters()).hasSize(before);
        assertThat(registry.get("weir.senders").gauge().value()).isEqualTo(7);
        assertThat(registry.get("weir.identity.mismatches").functionCounter().count())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void shouldCountEachOutcomeThatTheDocumentationNames(Outcome outcome) throws IOException {
        senders.outcome(outcome.label());
        meters.bindTo(registry);

        assertThat(registry.get("weir.sender.identity.requests")
                        .tag("outcome", outcome.label())
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(Files.readString(Path.of("docs/operations.md"))).contains("`" + outcome.label() + "`");
    }
}
