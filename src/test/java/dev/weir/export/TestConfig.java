package dev.weir.export;

import dev.weir.pipeline.ByteSize;
import dev.weir.pipeline.Destination;
import dev.weir.pipeline.Signal;
import dev.weir.tls.TlsConfig;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A destination's configuration that a test can change; otherwise the defaults, with short pauses. */
final class TestConfig implements ExportConfig, ExportConfig.RetryConfig, ExportConfig.QueueConfig, TlsConfig {

    String protocol = "grpc";
    String endpoint = "http://127.0.0.1:4317";
    Set<Signal> signals = EnumSet.allOf(Signal.class);
    Map<String, String> headers = Map.of();
    Compression compression = Compression.NONE;
    Duration timeout = Duration.ofSeconds(10);
    int concurrency = 4;
    ByteSize maxMessageSize = ByteSize.of("4MiB");
    Duration initial = Duration.ofMillis(20);
    double multiplier = 1.5;
    Duration max = Duration.ofMillis(100);
    Duration total = Duration.ofMinutes(5);
    ByteSize size = ByteSize.of("64MiB");
    Optional<Destination.WhenFull> whenFull = Optional.empty();
    Optional<String> caFile = Optional.empty();
    Optional<String> certFile = Optional.empty();
    Optional<String> keyFile = Optional.empty();
    Optional<String> serverName = Optional.empty();

    static TestConfig to(FakeReceiver receiver) {
        TestConfig config = new TestConfig();
        config.protocol = receiver.protocol();
        config.endpoint = receiver.endpoint();
        return config;
    }

    @Override
    public String protocol() {
        return protocol;
    }

    @Override
    public String endpoint() {
        return endpoint;
    }

    @Override
    public Set<Signal> signals() {
        return signals;
    }

    @Override
    public Map<String, String> headers() {
        return headers;
    }

    @Override
    public Compression compression() {
        return compression;
    }

    @Override
    public Duration timeout() {
        return timeout;
    }

    @Override
    public int concurrency() {
        return concurrency;
    }

    @Override
    public ByteSize maxMessageSize() {
        return maxMessageSize;
    }

    @Override
    public RetryConfig retry() {
        return this;
    }

    @Override
    public QueueConfig queue() {
        return this;
    }

    @Override
    public TlsConfig tls() {
        return this;
    }

    @Override
    public Duration initial() {
        return initial;
    }

    @Override
    public double multiplier() {
        return multiplier;
    }

    @Override
    public Duration max() {
        return max;
    }

    @Override
    public Duration total() {
        return total;
    }

    @Override
    public ByteSize size() {
        return size;
    }

    @Override
    public Optional<Destination.WhenFull> whenFull() {
        return whenFull;
    }

    @Override
    public Optional<Boolean> enabled() {
        return Optional.empty();
    }

    @Override
    public Optional<String> certFile() {
        return certFile;
    }

    @Override
    public Optional<String> keyFile() {
        return keyFile;
    }

    @Override
    public Optional<String> caFile() {
        return caFile;
    }

    @Override
    public ClientAuth clientAuth() {
        return ClientAuth.REQUIRED;
    }

    @Override
    public Optional<String> serverName() {
        return serverName;
    }
}
