package dev.weir.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;

import dev.weir.app.RunningGateway;
import dev.weir.receive.Doors;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /api/status}. */
@QuarkusTest
@TestProfile(AdminProfile.class)
class StatusEndpointTest {

    @Inject
    RunningGateway gateway;

    @Inject
    Doors doors;

    @BeforeEach
    void shouldBeRunning() {
        gateway.start();
    }

    @Test
    void shouldSayWhatRuns() {
        given().get("/api/status")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("state", equalTo("RUNNING"))
                .body("startedAt", matchesPattern("\\d{4}-\\d\\d-\\d\\dT.*Z"))
                .body("uptimeSeconds", greaterThan(0f))
                .body("build.version", matchesPattern("\\d+\\.\\d+\\.\\d+.*"))
                .body("build.commit", matchesPattern("[0-9a-f]{40}|unknown"))
                .body("build.time", matchesPattern("\\d{4}-\\d\\d-\\d\\dT.*"))
                .body("build.runtime", equalTo("jvm"))
                .body("doors.open", equalTo(true))
                .body("doors.grpc.port", equalTo(doors.grpcPort()))
                .body("doors.http.port", equalTo(doors.httpPort()))
                .body("memory.limitBytes", greaterThan(0))
                .body("memory.uses", hasKey("queues"))
                .body("memory.uses", hasKey("receive"))
                .body("store.maxBytes", greaterThan(0));
    }

    @Test
    void shouldBalanceTheLedger() {
        // Given
        int before = get().getInt("pipeline.traces.received");
        Sender sender = new Sender(doors);

        // When
        sender.span("status", "ledger", "000000000000000000000000000000b1", 1, 0);
        sender.log();

        // Then
        await().untilAsserted(() -> given().get("/api/status")
                .then()
                .body("pipeline.traces.received", greaterThan(before))
                .body("pipeline.traces.held", equalTo(0))
                .body("pipeline.logs.dropped.no_destination", greaterThan(0))
                .body("destinations.store.ledger.traces.sent", greaterThan(0))
                .body("destinations.store.ledger.traces.queued", equalTo(0))
                .body("store.traces", greaterThan(0))
                .body("doors.http.requests.accepted", greaterThanOrEqualTo(2))
                .body("violations", empty()));
    }

    @Test
    void shouldSayWhyADestinationRefuses() {
        new Sender(doors).span("status", "refused", "000000000000000000000000000000b2", 1, 0);

        String exporter = "destinations." + RefusingDestination.NAME + ".exporter.";
        await().untilAsserted(() -> given().get("/api/status")
                .then()
                .body(exporter + "state", equalTo("FAILING"))
                .body(exporter + "lastError", containsString("401"))
                .body(exporter + "lastErrorAt", notNullValue())
                .body(exporter + "attempts", greaterThan(0))
                .body(exporter + "queueLimit", greaterThan(0)));
    }

    /** The destination repeats its credential in the answer that becomes the last error. */
    @ParameterizedTest
    @ValueSource(strings = {"/api/status", "/q/health", "/q/metrics"})
    void shouldNeverShowAHeader(String path) {
        // Given
        new Sender(doors).span("status", "header", "000000000000000000000000000000b3", 1, 0);
        await().until(() ->
                get().getString("destinations." + RefusingDestination.NAME + ".exporter.lastError") != null);

        // When
        String shown = given().get(path).asString();

        // Then
        assertThat(shown)
                .contains(RefusingDestination.NAME)
                .doesNotContain(RefusingDestination.CREDENTIAL)
                .doesNotContain(RefusingDestination.CREDENTIAL.substring("Bearer ".length()));
    }

    private static JsonPath get() {
        return given().get("/api/status").jsonPath();
    }
}
