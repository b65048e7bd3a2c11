package dev.weir.admin;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;

import dev.weir.app.RunningGateway;
import dev.weir.receive.Doors;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code /q/health/*} of a gateway that runs. */
@QuarkusTest
@TestProfile(AdminProfile.class)
class HealthEndpointTest {

    @Inject
    RunningGateway gateway;

    @Inject
    Doors doors;

    @BeforeEach
    void shouldBeRunning() {
        gateway.start();
    }

    @Test
    void shouldBeStarted() {
        up("started").body("checks[0].data.state", equalTo("running"));
    }

    @Test
    void shouldBeLive() {
        up("live").body("checks[0].data.state", equalTo("running"));
    }

    @Test
    void shouldShowPortsAndMemoryWhenReady() {
        up("ready")
                .body("checks[0].data.state", equalTo("running"))
                .body("checks[0].data.'grpc-port'", equalTo(doors.grpcPort()))
                .body("checks[0].data.'http-port'", equalTo(doors.httpPort()))
                .body("checks[0].data.'memory-limit-bytes'", greaterThan(0));
    }

    @Test
    void shouldStayReadyWhileADestinationFails() {
        new Sender(doors).span("health", "failing", "000000000000000000000000000000c1", 1, 0);

        await().untilAsserted(() ->
                up("ready").body("checks[0].data.'destination-" + RefusingDestination.NAME + "'", equalTo("failing")));
    }

    private static ValidatableResponse up(String probe) {
        return given().get("/q/health/" + probe)
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("status", equalTo("UP"))
                .body("checks.size()", equalTo(1))
                .body("checks[0].name", equalTo(probe))
                .body("checks[0].status", equalTo("UP"));
    }
}
