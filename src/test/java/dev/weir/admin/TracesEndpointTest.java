package dev.weir.admin;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import dev.weir.app.RunningGateway;
import dev.weir.receive.Doors;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /api/services}, {@code /api/traces} and {@code /api/traces/{id}}. */
@QuarkusTest
@TestProfile(AdminProfile.class)
class TracesEndpointTest extends TraceIdContractTest {

    private static final String FAST = "000000000000000000000000000000a1";
    private static final String SLOW = "000000000000000000000000000000a2";

    @Inject
    RunningGateway gateway;

    @Inject
    Doors doors;

    TracesEndpointTest() {
        super("/api/traces/");
    }

    @BeforeEach
    void shouldHaveTwoTraces() {
        gateway.start();
        if (given().get("/api/traces?service=shop").jsonPath().getList("traces").size() == 2) {
            return;
        }
        Sender sender = new Sender(doors);
        sender.span("shop", "pay", FAST, 10, 1).then().statusCode(200);
        sender.span("shop", "ship", SLOW, 900, 2).then().statusCode(200);
        await().untilAsserted(
                        () -> given().get("/api/traces?service=shop").then().body("traces", hasSize(2)));
    }

    @Test
    void shouldListServices() {
        given().get("/api/services")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("services", hasItems("shop"));
    }

    @ParameterizedTest
    @CsvSource({
        "name=pay, a1",
        "name=ship, a2",
        "status=ok, a1",
        "status=ERROR, a2",
        "min-duration=100ms, a2",
        "min-duration=0.9s, a2",
        "min-duration=PT0.5S, a2",
        "attribute=http.route=/of/pay, a1",
        "attribute=http.route=/of/ship&attribute=service.name=shop, a2",
        "status=&name=pay&limit=, a1"
    })
    void shouldFindByEachParameter(String parameters, String end) {
        given().get("/api/traces?service=shop&" + parameters)
                .then()
                .statusCode(200)
                .body("traces.traceId", contains("000000000000000000000000000000" + end));
    }

    @ParameterizedTest
    @CsvSource({
        "service=nobody",
        "service=shop&name=pa",
        "service=shop&status=unset",
        "service=shop&min-duration=901ms",
        "service=shop&attribute=http.route=/of/pay&attribute=http.route=/of/ship"
    })
    void shouldFindNothingThatDoesNotMatch(String parameters) {
        given().get("/api/traces?" + parameters).then().statusCode(200).body("traces", empty());
    }

    @Test
    void shouldReturnNoMoreThanTheLimit() {
        given().get("/api/traces?service=shop&limit=1").then().statusCode(200).body("traces", hasSize(1));
    }

    @Test
    void shouldSummariseATrace() {
        given().get("/api/traces?service=shop&name=ship")
                .then()
                .body("traces[0].rootName", equalTo("ship"))
                .body("traces[0].rootService", equalTo("shop"))
                .body("traces[0].start", equalTo("2023-11-14T22:13:20Z"))
                .body("traces[0].durationMs", equalTo(900.0f))
                .body("traces[0].spanCount", equalTo(1))
                .body("traces[0].errorCount", equalTo(1))
                .body("traces[0].services", contains("shop"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limit=0 | limit | 0 | a whole number from 1 to 1000",
                "limit=1001 | limit | 1001 | a whole number from 1 to 1000",
                "limit=ten | limit | ten | a whole number from 1 to 1000",
                "limit=1&limit=2 | limit | 1,2 | the parameter once",
                "status=broken | status | broken | ok, error or unset",
                "min-duration=soon | min-duration | soon | a duration such as 100ms, 1.5s, 2m or PT0.5S",
                "min-duration=-1s | min-duration | -1s | a duration such as 100ms, 1.5s, 2m or PT0.5S",
                "attribute=http.route | attribute | http.route | key=value, such as http.route=/pay",
                "attribute=%3D/pay | attribute | =/pay | key=value, such as http.route=/pay",
                "service=a&service=b | service | a,b | the parameter once",
                "name=a&name=b | name | a,b | the parameter once",
                "servce=shop | servce | shop | one of the parameters service, name, min-duration, status, attribute, limit"
            })
    void shouldSayWhatIsWrongWithAParameter(String query, String parameter, String value, String expected) {
        given().urlEncodingEnabled(false)
                .get("/api/traces?" + query)
                .then()
                .statusCode(400)
                .contentType("application/json")
                .body("error", containsString(parameter))
                .body("error", containsString(expected))
                .body("parameter", equalTo(parameter))
                .body("value", equalTo(value))
                .body("expected", equalTo(expected));
    }

    @ParameterizedTest
    @CsvSource({"000000000000000000000000000000a1", "000000000000000000000000000000A1"})
    void shouldShowATraceAsOtlpJson(String id) {
        given().get("/api/traces/" + id)
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("resourceSpans.size()", equalTo(1))
                .body("resourceSpans[0].scopeSpans[0].spans[0].traceId", equalTo(FAST))
                .body("resourceSpans[0].scopeSpans[0].spans[0].spanId", equalTo("eee19b7ec3c1b174"))
                .body("resourceSpans[0].scopeSpans[0].spans[0].name", equalTo("pay"))
                .body("resourceSpans[0].scopeSpans[0].spans[0].startTimeUnixNano", equalTo("1700000000000000000"));
    }

    @Test
    void shouldNotRepeatWhatAHostileLinkSaysAsAPage() {
        given().get("/api/traces?limit=<script>alert(1)</script>")
                .then()
                .statusCode(400)
                .contentType("application/json")
                .body(not(containsString("text/html")));
    }

    @ParameterizedTest
    @CsvSource({"/api/traces", "/api/services", "/api/status"})
    void shouldTakeNoOtherMethod(String path) {
        given().contentType("application/json").body("{}").post(path).then().statusCode(405);
    }
}
