package dev.weir.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bench.Load.Kind;
import dev.weir.bench.Load.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Senders and sink without a gateway between them, over real sockets. */
class WireTest {

    private static final long PATIENCE = 30_000_000_000L;

    @ParameterizedTest
    @CsvSource({"GRPC, false", "GRPC, true", "HTTP, false", "HTTP, true"})
    void shouldCarryEverythingOnce(Protocol protocol, boolean gzip) {
        try (Loop loop = new Loop()) {
            Sink sink = new Sink(loop);
            Load load = new Load(Kind.SDK_SPANS, 512, false, protocol, gzip, 3);
            Traffic traffic = new Traffic(load, new Ids(1), 0);

            Senders senders = send(loop, sink, load, traffic, 300, Map.of("x-tenant", "a".repeat(300)));

            assertThat(senders.refused()).as(senders.lastRefusal()).isZero();
            assertThat(sink.tally().items(traffic.signal())).isEqualTo(300 * 512);
            assertThat(sink.tally().hash()).isEqualTo(traffic.hash());
            assertThat(senders.delays().size()).isEqualTo(300);
            assertThat(loop.busy()).isPositive();
        }
    }

    @Test
    void shouldCarryManySmallRequests() {
        try (Loop loop = new Loop()) {
            Sink sink = new Sink(loop);
            Load load = new Load(Kind.ENVOY_SPANS, 5, true, Protocol.GRPC, false, 10);
            Traffic traffic = new Traffic(load, new Ids(2), 0);

            Senders senders = send(loop, sink, load, traffic, 5000, Map.of());

            assertThat(senders.refused()).as(senders.lastRefusal()).isZero();
            assertThat(sink.tally().hash()).isEqualTo(traffic.hash());
        }
    }

    private static Senders send(
            Loop loop, Sink sink, Load load, Traffic traffic, int requests, Map<String, String> headers) {
        int port = load.protocol() == Protocol.GRPC ? sink.grpcPort() : sink.httpPort();
        sink.tally().begin(traffic, false, System.nanoTime(), 1);
        try {
            Senders senders = new Senders(loop, load, traffic, port, headers);
            long start = System.nanoTime();
            loop.run(now -> {
                while (senders.requests() < requests && senders.underWay() < 100) {
                    senders.send(traffic.next(now));
                }
                assertThat(now - start).as("%d under way", senders.underWay()).isLessThan(PATIENCE);
                return senders.requests() == requests && senders.underWay() == 0 ? Loop.Task.DONE : now + 1_000_000;
            });
            senders.close();
            return senders;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
