package dev.weir.admin;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;

import dev.weir.app.RunningGateway;
import dev.weir.receive.Doors;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

/** A trace larger than is read at once: refused with a sentence by {@code /api/traces/{id}}, and still found by a search. */
@QuarkusTest
@TestProfile(AdminProfile.class)
class LargeTraceEndpointTest {

    private static final String TRACE = "000000000000000000000000000000f1";
    private static final int SPAN_BYTES = 1 << 20;

    @Inject
    RunningGateway gateway;

    @Inject
    Doors doors;

    @Test
    void shouldRefuseToReadATraceThatIsTooLarge() {
        gateway.start();
        Sender sender = new Sender(doors);
        String filler = "x".repeat(SPAN_BYTES);

        await().until(() -> {
            sender.span("large", filler, TRACE, 10, 1).then().statusCode(200);
            return given().get("/api/traces/" + TRACE).statusCode() == 413;
        });

        given().get("/api/traces/" + TRACE)
                .then()
                .statusCode(413)
                .contentType("application/json")
                .body("error", containsString("larger weir.store.size"));
        given().get("/api/traces?service=large").then().statusCode(200).body("traces", hasSize(1));
    }
}
