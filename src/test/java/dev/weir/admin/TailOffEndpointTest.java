package dev.weir.admin;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What belongs to tail sampling is not there without it, and says how it comes about. */
@QuarkusTest
@TestProfile(AdminProfile.class)
class TailOffEndpointTest {

    @ParameterizedTest
    @CsvSource({"GET, /api/decisions/000000000000000000000000000000a1", "GET, /api/decisions/xyz", "GET, /api/policies"
    })
    void shouldSayThatThereIsNoTailSampling(String method, String path) {
        given().request(method, path)
                .then()
                .statusCode(404)
                .contentType("application/json")
                .body("error", containsString("weir.sample.tail"));
    }

    @Test
    void shouldAnswerAReloadWithTheRatioInUse() {
        given().post("/api/reload")
                .then()
                .statusCode(200)
                .body("faults", empty())
                .body("needRestart", empty())
                .body("ratio.traces", equalTo(1.0f))
                .body("ratio.mode", equalTo("equalizing"))
                .body("$", not(hasKey("policies")));
    }
}
