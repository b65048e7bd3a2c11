package dev.weir.admin;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every endpoint does with a trace id that leads nowhere. */
abstract class TraceIdContractTest {

    private final String path;

    /** @param path up to the id, such as {@code /api/traces/} */
    TraceIdContractTest(String path) {
        this.path = path;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "xyz",
                "000000000000000000000000000000a",
                "000000000000000000000000000000a11",
                "g0000000000000000000000000000000"
            })
    void shouldSayThatSomethingIsNoTraceId(String id) {
        given().get(path + id)
                .then()
                .statusCode(400)
                .contentType("application/json")
                .body("parameter", equalTo("id"))
                .body("value", equalTo(id))
                .body("expected", containsString("32 hex digits"));
    }

    @Test
    void shouldSayThatATraceIdIsNotThere() {
        String unknown = "00000000000000000000000000000bad";
        given().get(path + unknown)
                .then()
                .statusCode(404)
                .contentType("application/json")
                .body("error", containsString(unknown));
    }
}
