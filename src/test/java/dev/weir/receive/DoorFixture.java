package dev.weir.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Hop;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.SlowSteps;
import io.grpc.CompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Real doors on free loopback ports in front of a recording stage. Closing it checks that nothing is left charged. */
final class DoorFixture implements AutoCloseable {

    static final long BUDGET = 256L << 20;

    final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    final MemoryBudget budget;
    final Ledger ledger = new Ledger();
    final RecordingStage stage = new RecordingStage(ledger);
    final Doors doors;
    private final List<ManagedChannel> channels = new CopyOnWriteArrayList<>();
    private boolean closed;

    DoorFixture(String... settings) throws DoorException {
        this(BUDGET, settings);
    }

    DoorFixture(Set<String> headers, String... settings) throws DoorException {
        this(BUDGET, headers, settings);
    }

    DoorFixture(long budgetBytes, String... settings) throws DoorException {
        this(budgetBytes, Set.of(), settings);
    }

    private DoorFixture(long budgetBytes, Set<String> headers, String... settings) throws DoorException {
        budget = new MemoryBudget(budgetBytes, budgetBytes / 10, budgetBytes / 4, 0);
        doors = new Doors(
                config(settings), vertx, budget, ledger, stage, SlowSteps.NONE, new Hop("ours"), headers, null);
        doors.open();
    }

    /** Defaults but for the ports, and for {@code key=value} below {@code weir.receive.}. */
    static ReceiveConfig config(String... settings) {
        Map<String, String> values = new HashMap<>();
        for (String door : new String[] {"grpc", "http"}) {
            values.put("weir.receive." + door + ".host", "127.0.0.1");
            values.put("weir.receive." + door + ".port", "0");
        }
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            values.put("weir.receive." + setting.substring(0, equals), setting.substring(equals + 1));
        }
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(ReceiveConfig.class, "weir.receive")
                .withSources(new PropertiesConfigSource(values, "test", 500))
                .build()
                .getConfigMapping(ReceiveConfig.class, "weir.receive");
    }

    NettyChannelBuilder channel() {
        return NettyChannelBuilder.forAddress("127.0.0.1", doors.grpcPort()).usePlaintext();
    }

    /** Shut down with the doors at the latest. */
    ManagedChannel connect() {
        return channelOf(CompressorRegistry.getDefaultInstance());
    }

    ManagedChannel channelOf(CompressorRegistry registry) {
        ManagedChannel channel = channel().compressorRegistry(registry).build();
        channels.add(channel);
        return channel;
    }

    String http(String path) {
        return "http://127.0.0.1:" + doors.httpPort() + path;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        channels.forEach(ManagedChannel::shutdownNow);
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() ->
                        assertThat(budget.used()).as("bytes still charged").isZero());
        assertThat(ledger.violations()).isEmpty();
        doors.close(Deadline.in(Duration.ofSeconds(2)));
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
