package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sample.ratio} that changes while data comes, seen at the doors and on the admin port. */
class RatioReloadIT {

    /** A tenth of the traces, four sigma each way, of ten spans each. */
    private static final int LEAST = 500;

    private static final int MOST = 1_500;
    private static final String ALL = "sample: { ratio: { traces: 1 } }";
    private static final String TENTH = "sample: { ratio: { traces: 0.1 } }";

    @TempDir
    Path directory;

    @Test
    void shouldSampleByTheNewRatioWithoutTailSampling() throws IOException {
        try (RecordingReceiver receiver = new RecordingReceiver();
                WeirProcess weir = WeirProcess.start(directory, ALL + "\n" + receiver.asDestination());
                OtlpClient client = new OtlpClient(weir.grpcPort())) {
            // Given
            new MixedTraffic(1).round().forEach(client::export);
            await().until(() -> receiver.itemCount() == MixedTraffic.SPANS_A_ROUND);

            // When
            replace(ALL, TENTH);
            await().until(() -> weir.metric("weir_ratio_reloads_total") == 1);

            // Then
            new MixedTraffic(2).round().forEach(client::export);
            weir.awaitBalancedLedger();
            assertThat(receiver.itemCount() - MixedTraffic.SPANS_A_ROUND).isBetween(LEAST, MOST);
            assertThat(weir.output()).contains("weir.sample.ratio has changed and is in use: traces 0.1");
        }
    }

    @Test
    void shouldKeepTheRatioAndThePoliciesOrChangeBoth() throws IOException {
        String errors =
                "sample: { ratio: { traces: 1 }, tail: { decision-wait: 1s, policies: [ { name: errors, status: [error] } ] } }";
        String faulty =
                "sample: { ratio: { traces: 0.1 }, tail: { decision-wait: 1s, policies: [ { name: all, alwys: true } ] } }";
        String all =
                "sample: { ratio: { traces: 0.1 }, tail: { decision-wait: 2s, policies: [ { name: all, always: true } ] } }";
        try (RecordingReceiver receiver = new RecordingReceiver();
                WeirProcess weir = WeirProcess.startWithTail(directory, errors + "\n" + receiver.asDestination());
                OtlpClient client = new OtlpClient(weir.grpcPort())) {
            // When
            replace(errors, faulty);

            // Then
            await().until(() -> weir.metric("weir_config_faulty") == 1);
            HttpResponse<byte[]> refused = reload(weir);
            assertThat(refused.statusCode()).isEqualTo(422);
            JsonNode old = Http.parse(new String(refused.body()));
            assertThat(old.path("faults").toString()).contains("alwys");
            assertThat(old.path("ratio").path("traces").asDouble()).isEqualTo(1);
            assertThat(old.path("policies").findValuesAsText("name")).containsExactly("errors");
            assertThat(ready(weir)).isEqualTo("faulty, nothing of it is in use since it changed");

            // When
            replace(faulty, all);
            HttpResponse<byte[]> taken = reload(weir);

            // Then
            assertThat(taken.statusCode()).isEqualTo(200);
            JsonNode now = Http.parse(new String(taken.body()));
            assertThat(now.path("ratio").path("traces").asDouble()).isEqualTo(0.1);
            assertThat(now.path("policies").findValuesAsText("name")).containsExactly("all");
            assertThat(now.path("needRestart").toString()).isEqualTo("[\"weir.sample.tail.decision-wait\"]");
            assertThat(weir.metric("weir_config_restart_keys")).isEqualTo(1);
            assertThat(ready(weir)).contains("1 changed keys that need a restart");
            assertThat(weir.output()).contains("only after a restart: weir.sample.tail.decision-wait");
            new MixedTraffic(2).round().forEach(client::export);
            weir.awaitBalancedLedger();
            assertThat(receiver.itemCount()).isBetween(LEAST, MOST);
        }
    }

    /** Another file of the same name. */
    private void replace(String old, String next) throws IOException {
        Path file = directory.resolve("weir.yaml");
        String changed = Files.readString(file).replace(old, next);
        Files.move(Files.writeString(directory.resolve("weir.next"), changed), file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static HttpResponse<byte[]> reload(WeirProcess weir) {
        return Http.post(weir.adminUrl("/api/reload"), "application/json", new byte[0]);
    }

    private static String ready(WeirProcess weir) {
        return Http.getJson(weir.adminUrl("/q/health/ready"))
                .findValue("configuration")
                .asText();
    }
}
