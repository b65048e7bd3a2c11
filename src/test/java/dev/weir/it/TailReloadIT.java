package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Policies that change while traces are held, in each way that files are changed, and some that cannot be used. */
class TailReloadIT {

    private static final String ERRORS = "{ name: errors, status: [error] }";
    private static final String ITEMS = "{ name: items, string: { key: http.route, values: [\"/items/{id}\"] } }";

    @TempDir
    Path directory;

    /** How policies get into their place. */
    private enum Way {
        /** Another file of the same name. */
        RENAME {
            @Override
            Path place(Path directory, String policies) throws IOException {
                Path next = Files.writeString(directory.resolve("policies.next"), policies);
                return Files.move(next, directory.resolve("policies.yaml"), StandardCopyOption.ATOMIC_MOVE);
            }
        },
        /** As Kubernetes mounts a ConfigMap: the file is a link through {@code ..data}, a link that is renamed over. */
        CONFIG_MAP {
            @Override
            Path place(Path directory, String policies) throws IOException {
                Path volume = Files.createDirectories(directory.resolve("volume"));
                Path version = Files.createTempDirectory(volume, "..2026_");
                Files.writeString(version.resolve("policies.yaml"), policies);
                Path link = Files.createSymbolicLink(volume.resolve("..data_tmp"), version.getFileName());
                Files.move(link, volume.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
                Path file = volume.resolve("policies.yaml");
                if (!Files.isSymbolicLink(file)) {
                    Files.createSymbolicLink(file, Path.of("..data", "policies.yaml"));
                }
                return file;
            }
        },
        /** The same file written over, as editors do. */
        OVERWRITE {
            @Override
            Path place(Path directory, String policies) throws IOException {
                return Files.writeString(directory.resolve("policies.yaml"), policies);
            }
        };

        /** Returns where they are, which is always the same. */
        abstract Path place(Path directory, String policies) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void shouldDecideHeldTracesByTheNewPolicies(Way way) throws IOException {
        Path file = way.place(directory, policies(ERRORS));
        try (RecordingReceiver receiver = new RecordingReceiver();
                WeirProcess weir = weir(file, receiver);
                OtlpClient client = new OtlpClient(weir.grpcPort())) {
            // Given
            ExportTraceServiceRequest held = Samples.spans("held", 10);
            client.export(held);

            // When
            way.place(directory, policies(ITEMS));
            await().until(() -> weir.metric("weir_tail_reloads_total") == 1);

            // Then
            assertThat(decision(weir, held).path("outcome").asText())
                    .as("still held when the policies changed")
                    .isEqualTo("held");
            await().until(() -> receiver.itemCount() == 10);
            JsonNode decision = decision(weir, held);
            assertThat(decision.path("policy").asText()).isEqualTo("items");
            assertThat(decision.path("generation").asInt()).isEqualTo(2);
            weir.awaitBalancedLedger();
        }
    }

    @Test
    void shouldReadThePoliciesInsideTheConfigurationAgain() throws IOException {
        try (RecordingReceiver receiver = new RecordingReceiver();
                WeirProcess weir = WeirProcess.startWithTail(
                        directory,
                        "sample: { tail: { decision-wait: 5s, policies: [ " + ERRORS + " ] } }\n"
                                + receiver.asDestination());
                OtlpClient client = new OtlpClient(weir.grpcPort())) {
            // Given
            client.export(Samples.spans("held", 10));
            Path file = directory.resolve("weir.yaml");
            String changed = Files.readString(file).replace(ERRORS, ITEMS);

            // When
            Files.move(
                    Files.writeString(directory.resolve("weir.next"), changed), file, StandardCopyOption.ATOMIC_MOVE);

            // Then
            await().until(() -> receiver.itemCount() == 10);
            assertThat(names(policies(weir))).isEqualTo("items");
        }
    }

    @Test
    void shouldKeepTheOldPoliciesWhileTheFileHasFaults() throws IOException {
        Path file = Way.RENAME.place(directory, policies(ITEMS));
        try (RecordingReceiver receiver = new RecordingReceiver();
                WeirProcess weir = weir(file, receiver);
                OtlpClient client = new OtlpClient(weir.grpcPort())) {
            // When
            Way.RENAME.place(directory, policies("{ name: slow, latency: { at-laest: 1s } }"));

            // Then
            await().until(() -> weir.metric("weir_tail_policies_faulty") == 1);
            assertThat(weir.output())
                    .contains(file + " cannot be used, nothing changes")
                    .contains("at-laest");
            JsonNode ready = Http.getJson(weir.adminUrl("/q/health/ready"));
            assertThat(ready.findValue("policies").asText()).isEqualTo("faulty, the old ones stay in use");
            assertThat(policies(weir).path("faults").toString()).contains("slow", "at-laest");
            assertThat(names(policies(weir))).isEqualTo("items");
            HttpResponse<byte[]> reload = reload(weir);
            assertThat(reload.statusCode()).isEqualTo(422);
            assertThat(new String(reload.body())).contains("at-laest");
            client.export(Samples.spans("kept by the old ones", 10));
            await().until(() -> receiver.itemCount() == 10);

            // When
            Way.RENAME.place(directory, policies(ERRORS));

            // Then
            await().until(() -> weir.metric("weir_tail_policies_faulty") == 0);
            assertThat(policies(weir).path("faults")).isEmpty();
            assertThat(Http.getJson(weir.adminUrl("/q/health/ready"))
                            .findValue("policies")
                            .asText())
                    .isEqualTo("in use");
        }
    }

    @Test
    void shouldReadAtOnceWhenAsked() throws IOException {
        Path file = Way.OVERWRITE.place(directory, policies(ERRORS));
        try (RecordingReceiver receiver = new RecordingReceiver();
                WeirProcess weir = weir(file, receiver)) {
            Way.OVERWRITE.place(directory, policies(ITEMS));

            HttpResponse<byte[]> reload = reload(weir);

            assertThat(reload.statusCode()).isEqualTo(200);
            assertThat(names(Http.parse(new String(reload.body())))).isEqualTo("items");
            assertThat(weir.metric("weir_tail_reloads_total")).isEqualTo(1);
            assertThat(reload(weir).statusCode()).as("nothing changed").isEqualTo(200);
            assertThat(weir.metric("weir_tail_reloads_total")).isEqualTo(1);
        }
    }

    private WeirProcess weir(Path policies, RecordingReceiver receiver) {
        return WeirProcess.startWithTail(
                directory,
                "sample: { tail: { decision-wait: 5s, policies-file: \"" + policies + "\" } }\n"
                        + receiver.asDestination());
    }

    private static String policies(String policy) {
        return "policies:\n  - " + policy + "\n";
    }

    private static JsonNode policies(WeirProcess weir) {
        return Http.getJson(weir.adminUrl("/api/policies"));
    }

    private static String names(JsonNode policies) {
        return String.join(" ", policies.findValuesAsText("name"));
    }

    private static HttpResponse<byte[]> reload(WeirProcess weir) {
        return Http.post(weir.adminUrl("/api/reload"), "application/json", new byte[0]);
    }

    private static JsonNode decision(WeirProcess weir, ExportTraceServiceRequest trace) {
        ByteString id = trace.getResourceSpans(0).getScopeSpans(0).getSpans(0).getTraceId();
        return Http.getJson(weir.adminUrl("/api/decisions/" + HexFormat.of().formatHex(id.toByteArray())));
    }
}
