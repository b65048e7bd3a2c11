package dev.weir.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.otlp.RequestBytes;
import dev.weir.pipeline.Signal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ScrubbedTransportTest {

    @Test
    void shouldScrubBeforeItCuts() {
        // Given an answer with a header's value across the place where it is cut
        String token = "sesame-".repeat(10);
        String body = "x".repeat(280) + token + "y".repeat(280);
        Transport transport = new Transport() {
            @Override
            public Call send(Signal signal, RequestBytes bytes, int items, Consumer<Outcome> done) {
                done.accept(HttpOutcomes.of(400, "text/plain", null, body.getBytes(UTF_8), InstantSource.system()));
                return () -> {};
            }

            @Override
            public void close() {}
        };
        Headers headers = new Headers(Map.of("authorization", "Bearer " + token), name -> null);
        List<Outcome> outcomes = new ArrayList<>();

        // When
        new ScrubbedTransport(transport, headers).send(Signal.TRACES, RequestBytes.of(new byte[0]), 1, outcomes::add);

        // Then
        assertThat(outcomes.getFirst().message())
                .startsWith("x".repeat(280) + "***yyy")
                .hasSizeLessThanOrEqualTo(300)
                .doesNotContain("ses");
    }
}
