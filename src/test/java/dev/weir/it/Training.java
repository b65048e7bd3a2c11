package dev.weir.it;

import static org.awaitility.Awaitility.await;

import dev.weir.it.RawOtlp.Client;
import io.grpc.Server;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Makes the JVM's AOT cache of the package (JEP 483, 514, 515): runs it under what it will have to do, so that its classes are
 * loaded and linked, and its methods' profiles known, before it starts. Part of {@code ./mvnw pre-integration-test}.
 */
final class Training {

    private static final int ROUNDS = 12;
    private static final int SMALL_REQUESTS = 800;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String CONFIG = """
            export:
              traces: { protocol: grpc, endpoint: "http://127.0.0.1:%d", signals: [traces] }
              others: { protocol: grpc, endpoint: "http://127.0.0.1:%d", signals: [metrics, logs] }
            sample:
              tail:
                decision-wait: 2s
                policies:
                  - { name: errors, status: [error] }
                  - { name: slow, latency: { at-least: 300ms } }
                  - { name: the-rest, ratio: 0.1 }
            """ + EnvoyTraffic.MESH;

    private final WeirProcess weir;

    private Training(WeirProcess weir) {
        this.weir = weir;
    }

    /** Ends with 0 also without a cache: the package works without it, and starts more slowly. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createTempDirectory("weir-training");
        Server sink = RawOtlp.sink(request -> {});
        try (RecordingReceiver receiver = new RecordingReceiver()) {
            WeirProcess weir = WeirProcess.startWithTail(
                    directory,
                    CONFIG.formatted(sink.getPort(), receiver.port()),
                    Map.of(),
                    List.of("-XX:AOTCacheOutput=" + WeirProcess.AOT_CACHE.toAbsolutePath()));
            new Training(weir).work();
            weir.stop();
        } catch (RuntimeException | AssertionError e) {
            System.err.println("training: no AOT cache, Weir will start more slowly: " + e);
        } finally {
            sink.shutdownNow();
        }
    }

    private void work() {
        MixedTraffic traffic = new MixedTraffic(1);
        try (Client sidecars = new Client(weir.grpcPort(), 8, Map.of(EnvoyTraffic.HEADER, EnvoyTraffic.HEADER_VALUE));
                Client applications = new Client(weir.grpcPort(), 2);
                OtlpClient others = new OtlpClient(weir.grpcPort())) {
            for (int round = 0; round < ROUNDS; round++) {
                List<ExportTraceServiceRequest> requests = traffic.round();
                for (int i = 0; i < SMALL_REQUESTS; i++) {
                    sidecars.send(EnvoyTraffic.request(5).toByteArray(), 5);
                }
                requests.forEach(request -> applications.send(request.toByteArray(), request.getSerializedSize()));
                others.export(Samples.logs("training", 20));
                others.export(Samples.metrics("training", 1, 2, List.of(1L, 2L)));
                post(requests.getFirst());
                look();
                long sent = (round + 1L) * SMALL_REQUESTS * 5;
                await().atMost(PATIENCE).until(() -> sidecars.answered() + sidecars.refused() >= sent);
            }
        }
        await().atMost(PATIENCE).until(() -> LedgerLaws.underWay(weir.status()) == 0);
    }

    private void post(ExportTraceServiceRequest request) {
        Http.post(weir.httpUrl() + "/v1/traces", "application/x-protobuf", request.toByteArray());
        Http.post(weir.httpUrl() + "/v1/traces", "application/json", OtlpJson.of(request));
    }

    /** What an operator and a probe ask for. */
    private void look() {
        for (String path :
                List.of("/q/metrics", "/q/health/ready", "/q/health/live", "/api/policies", "/api/senders")) {
            Http.get(weir.adminUrl(path));
        }
    }
}
