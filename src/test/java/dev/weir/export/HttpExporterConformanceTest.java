package dev.weir.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.Signal;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The rows E1 to E6 over HTTP. */
class HttpExporterConformanceTest extends ExporterConformance {

    @Override
    FakeReceiver newReceiver() {
        return new FakeHttpReceiver(VERTX);
    }

    @Override
    List<Integer> retryable() {
        return List.of(429, 502, 503, 504);
    }

    @Override
    Map<Integer, String> permanent() {
        return new TreeMap<>(Map.of(
                302, "permanent_http_302",
                400, "permanent_http_400",
                401, "permanent_http_401",
                404, "permanent_http_404",
                408, "permanent_http_408",
                418, "permanent_http_4xx",
                500, "permanent_http_500",
                501, "permanent_http_501",
                599, "permanent_http_5xx"));
    }

    @Test
    void e6ThePathOfTheSignalIsAppended() {
        config.endpoint = receiver.endpoint() + "/api/v1/otlp/";
        start();

        send(1);

        awaitSettled();
        assertThat(receiver.requests().getFirst().headers()).containsEntry(":path", "/api/v1/otlp/v1/traces");
    }

    @Test
    void e6ThePathThatEndsInTheSignalStays() {
        config.endpoint = receiver.endpoint() + "/otlp/v1/traces";
        config.signals = EnumSet.of(Signal.TRACES);
        start();

        send(1);

        awaitSettled();
        assertThat(receiver.requests().getFirst().headers()).containsEntry(":path", "/otlp/v1/traces");
    }
}
