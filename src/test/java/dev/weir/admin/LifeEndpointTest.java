package dev.weir.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.weir.app.RunningGateway;
import dev.weir.receive.Doors;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the probes say from before the doors are opened until after they are closed. */
@QuarkusTest
@TestProfile(AdminProfile.Unopened.class)
class LifeEndpointTest {

    @Inject
    RunningGateway gateway;

    @Inject
    Doors doors;

    @Test
    void shouldBeReadyOnlyWhileDoorsAreOpenAndNothingDrains() {
        // a closed door
        probe("started", 503, "starting");
        probe("live", 200, "starting");
        probe("ready", 503, "starting");
        given().get("/q/health/ready").then().body("checks[0].data.'grpc-port'", equalTo(-1));

        gateway.start();
        probe("started", 200, "running");
        probe("ready", 200, "running");

        // draining: not ready any more, but still taking
        CompletableFuture<Integer> exitCode = gateway.drain();
        await().untilAsserted(() -> probe("ready", 503, "draining"));
        probe("started", 200, "draining");
        probe("live", 200, "draining");
        new Sender(doors).log().then().statusCode(200);

        gateway.skipDelay();
        assertThat(exitCode).succeedsWithin(Duration.ofSeconds(20));
        probe("live", 200, "stopped");
        probe("ready", 503, "stopped");
        assertThat(doors.isOpen()).isFalse();
    }

    private static void probe(String probe, int status, String state) {
        given().get("/q/health/" + probe)
                .then()
                .statusCode(status)
                .body("status", equalTo(status == 200 ? "UP" : "DOWN"))
                .body("checks[0].data.state", equalTo(state));
    }
}
