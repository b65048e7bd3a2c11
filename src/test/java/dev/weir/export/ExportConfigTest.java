package dev.weir.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.ByteSize;
import dev.weir.pipeline.Destination.WhenFull;
import dev.weir.pipeline.Signal;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExportConfigTest {

    @Test
    void shouldFindNoFaultInTheDefaults() {
        assertThat(Exporters.faults(Map.of("jaeger", new TestConfig()))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "grpc | jaeger:4317 | 'jaeger:4317' has no scheme; write http://jaeger:4317",
                "grpc | user:pass@jaeger:4317 | 'jaeger:4317' has no scheme; write http://jaeger:4317",
                "grpc | http://jaeger | 'http://jaeger' has no port; OTLP over gRPC is usually at 4317",
                "grpc | http://jaeger:4317/v1 | 'http://jaeger:4317/v1' has a path, which gRPC does not; remove /v1",
                "grpc | ftp://jaeger:21 | has the scheme ftp; write http:// or, for TLS, https://",
                "grpc | http://jaeger:70000 | has the port 70000; ports are 1 to 65535",
                "grpc | http://my_host:1 | 'http://my_host:1' has no valid host; write http://host:port (a host has letters, digits, - and .)",
                "http/protobuf | http://u:p@x:1 | must not hold credentials; send them as a header, such as authorization: file:/path",
                "http/protobuf | http://x:1/?key=secret | must have no query and no fragment; send what the destination needs as a header",
                "http/protobuf | http://x:1/v1/logs | 'http://x:1/v1/logs' is for logs alone; remove /v1/logs, or set signals to logs"
            })
    void shouldNameTheFaultOfTheEndpoint(String protocol, String endpoint, String fault) {
        assertFault("endpoint: " + fault, config -> {
            config.protocol = protocol;
            config.endpoint = endpoint;
        });
    }

    @Test
    void shouldNameTheFaultOfAnyKey() {
        assertFault("protocol: 'otlp' is not known; write grpc or http/protobuf", c -> c.protocol = "otlp");
        assertFault(
                "signals: is empty; write traces, metrics, logs or several of them",
                c -> c.signals = EnumSet.noneOf(Signal.class));
        assertFault("concurrency: 0 is not from 1 to 256", c -> c.concurrency = 0);
        assertFault("timeout: must be more than 0, and at most 7 days", c -> c.timeout = Duration.ZERO);
        assertFault("max-message-size: must be more than 0", c -> c.maxMessageSize = new ByteSize(0));
        assertFault("queue.size: must be more than 0", c -> c.size = new ByteSize(0));
        assertFault("retry.max: is shorter than retry.initial", c -> c.initial = Duration.ofMinutes(1));
        assertFault("retry.multiplier: 0.5 is not from 1 to 100", c -> c.multiplier = 0.5);
        assertFault("retry.total: is not from 0 to 7 days", c -> c.total = Duration.ofSeconds(-1));
        assertFault("headers.host: is set by Weir itself; remove it", c -> c.headers = Map.of("host", "elsewhere"));
        assertFault(
                "tls: has no effect with http://127.0.0.1:4317; write https://", c -> c.caFile = Optional.of("/ca"));
    }

    @Test
    void shouldReportAllFaultsAtOnceInOrder() {
        TestConfig bad = new TestConfig();
        bad.concurrency = -1;
        bad.endpoint = "x";

        assertThat(Exporters.faults(Map.of("b", bad, "a b", new TestConfig())))
                .containsExactly(
                        "weir.export.a b: a destination's name has 1 to 63 letters, digits, - and _",
                        "weir.export.b.endpoint: 'x' has no scheme; write http://x",
                        "weir.export.b.concurrency: -1 is not from 1 to 256");
    }

    @Test
    void shouldRefuseWhenFullOnlyWhereNoOtherDestinationIsHeldBack() {
        TestConfig traces = new TestConfig();
        traces.signals = EnumSet.of(Signal.TRACES);
        TestConfig metrics = new TestConfig();
        metrics.signals = EnumSet.of(Signal.METRICS);

        assertThat(whenFull("a", Map.of("a", traces))).isEqualTo(WhenFull.REFUSE);
        assertThat(whenFull("a", Map.of("a", traces, "b", metrics))).isEqualTo(WhenFull.REFUSE);
        assertThat(whenFull("a", Map.of("a", traces, "b", new TestConfig()))).isEqualTo(WhenFull.DROP);
        traces.whenFull = Optional.of(WhenFull.REFUSE);
        assertThat(whenFull("a", Map.of("a", traces, "b", new TestConfig()))).isEqualTo(WhenFull.REFUSE);
    }

    private static WhenFull whenFull(String name, Map<String, ExportConfig> all) {
        return Plan.of(name, all, Long.MAX_VALUE, new Random()).whenFull();
    }

    private static void assertFault(String fault, Consumer<TestConfig> change) {
        TestConfig config = new TestConfig();
        change.accept(config);
        assertThat(Exporters.faults(Map.of("jaeger", config))).containsExactly("weir.export.jaeger." + fault);
    }
}
