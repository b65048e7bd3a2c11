package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weir.export.store.TraceStore;
import dev.weir.pipeline.Signal;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The assembled gateway, stopped while data is on its way. */
class GatewayDrainTest {

    @Test
    void shouldHaveStoredWhatWasTakenBeforeItEnds() throws Exception {
        // Given a gateway whose batches would wait for a minute
        ConfigFile.Checked checked = ConfigFile.check(
                null,
                Map.of(
                        "WEIR_RECEIVE_GRPC_PORT", "0",
                        "WEIR_RECEIVE_HTTP_PORT", "0",
                        "WEIR_BATCH_AGE", "60s",
                        "WEIR_SHUTDOWN_DELAY", "0s"),
                Map.of());
        assertThat(checked.faults()).isEmpty();
        Vertx vertx = Vertx.vertx();
        Gateway gateway = new Gateway(checked, vertx, OpenTelemetry.noop().getTracer("test"));
        gateway.start();
        int status = post(gateway.doors().httpPort(), request());

        // When
        int exitCode = gateway.drain();

        // Then
        vertx.close().toCompletionStage().toCompletableFuture().join();
        assertThat(status).isEqualTo(200);
        assertThat(exitCode).isZero();
        assertThat(gateway.store().orElseThrow().traces()).isEqualTo(1);
        assertThat(gateway.ledger()
                        .destination(TraceStore.NAME)
                        .read(Signal.TRACES)
                        .sent())
                .isEqualTo(1);
        assertThat(gateway.ledger().violations()).isEmpty();
    }

    private static byte[] request() {
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .addScopeSpans(ScopeSpans.newBuilder()
                                .addSpans(Span.newBuilder()
                                        .setTraceId(ByteString.copyFrom(new byte[16], 0, 15)
                                                .concat(ByteString.copyFrom(new byte[] {1})))
                                        .setSpanId(ByteString.copyFrom(new byte[7])
                                                .concat(ByteString.copyFrom(new byte[] {1})))
                                        .setName("a"))))
                .build()
                .toByteArray();
    }

    private static int post(int port, byte[] body) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/traces"))
                                    .header("Content-Type", "application/x-protobuf")
                                    .POST(BodyPublishers.ofByteArray(body))
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
