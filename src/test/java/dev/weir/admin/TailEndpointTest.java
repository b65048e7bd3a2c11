package dev.weir.admin;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import dev.weir.app.RunningGateway;
import dev.weir.receive.Doors;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /api/decisions/{id}}, {@code /api/policies} and {@code /api/reload} with tail sampling. */
@QuarkusTest
@TestProfile(AdminProfile.Tail.class)
class TailEndpointTest extends TraceIdContractTest {

    private static final String FAILED = "000000000000000000000000000000f1";
    private static final String FINE = "000000000000000000000000000000f2";

    @Inject
    RunningGateway gateway;

    @Inject
    Doors doors;

    TailEndpointTest() {
        super("/api/decisions/");
    }

    @BeforeEach
    void shouldBeRunning() {
        gateway.start();
    }

    @Test
    void shouldExplainATraceThatWasKept() {
        new Sender(doors).span("shop", "pay", FAILED, 10, 2).then().statusCode(200);

        await().untilAsserted(() -> given().get("/api/decisions/" + FAILED.toUpperCase(Locale.ROOT))
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("traceId", equalTo(FAILED))
                .body("outcome", equalTo("kept"))
                .body("policy", equalTo("errors"))
                .body("generation", equalTo(1))
                .body("probability", equalTo(1.0f))
                .body("reason", equalTo("certain"))
                .body("decidedAt", containsString("T"))
                .body("spans", equalTo(1))
                .body("bytes", greaterThan(0))
                .body("lateSpans", equalTo(0)));
    }

    @Test
    void shouldExplainATraceThatIsHeldAndThenDropped() {
        new Sender(doors).span("shop", "ship", FINE, 10, 0).then().statusCode(200);

        given().get("/api/decisions/" + FINE)
                .then()
                .statusCode(200)
                .body("outcome", equalTo("held"))
                .body("$", not(hasKey("policy")));
        await().untilAsserted(() -> given().get("/api/decisions/" + FINE)
                .then()
                .body("outcome", equalTo("dropped"))
                .body("policy", equalTo("none"))
                .body("reason", equalTo("root_wait_over")));
    }

    @Test
    void shouldListPoliciesInTheirOrder() {
        given().get("/api/policies")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("generation", equalTo(1))
                .body("reloads", equalTo(0))
                .body("faults", empty())
                .body("policies.name", contains("errors", "many"))
                .body("policies.shadow", contains(false, true))
                .body("policies[0].decidesEarly", equalTo(true))
                .body("policies[1].decidesEarly", equalTo(false))
                .body("policies[0]", not(hasKey("wouldChange")))
                .body("policies[1]", hasKey("wouldChange"));
    }

    @Test
    void shouldAnswerAReloadOfTheSameWithThePoliciesInUse() {
        given().post("/api/reload")
                .then()
                .statusCode(200)
                .body("generation", equalTo(1))
                .body("policies.name", contains("errors", "many"));
    }

    @ParameterizedTest
    @CsvSource({"POST, /api/policies", "GET, /api/reload", "POST, /api/decisions/" + FAILED})
    void shouldTakeNoOtherMethod(String method, String path) {
        given().request(method, path).then().statusCode(405);
    }
}
