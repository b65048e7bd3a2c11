package dev.weir.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;

import dev.weir.app.RunningGateway;
import dev.weir.receive.Doors;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /api/senders} of what came through a door. */
@QuarkusTest
@TestProfile(AdminProfile.Mesh.class)
class SendersEndpointTest {

    private static final String WEIR = "By=spiffe://cluster.local/ns/observability/sa/weir;Hash=ab;Subject=\"\";";

    @Inject
    RunningGateway gateway;

    @Inject
    Doors doors;

    @BeforeEach
    void shouldBeRunning() {
        gateway.start();
    }

    @Test
    void shouldShowTheSenderThatTheMeshNames() {
        String cart = "spiffe://cluster.local/ns/shop/sa/cart";

        send(given().header("x-forwarded-client-cert", WEIR + "URI=" + cart), "cart");

        String sender = "senders.find { it.identity == '" + cart + "' }.";
        given().get("/api/senders?limit=1000")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body(sender + "kind", equalTo("verified"))
                .body(sender + "relay", equalTo(false))
                .body(sender + "protocols[0]", equalTo("http/json"))
                .body(sender + "bytes", greaterThan(0))
                .body(sender + "lastSeen", containsString("T"))
                .body(sender + "signals.traces.requests", equalTo(1))
                .body(sender + "signals.traces.items", equalTo(1))
                .body("most", equalTo(1000));
        assertThat(given().get("/q/metrics").asString())
                .contains("weir_sender_identity_requests_total{outcome=\"verified\"} ");
    }

    @Test
    void shouldNotBelieveWhatWasWrittenForSomebodyElse() {
        String header = "By=spiffe://cluster.local/ns/shop/sa/other;Hash=ab;URI=spiffe://cluster.local/ns/shop/sa/king";

        send(given().header("x-forwarded-client-cert", header), "impostor");

        String sender = "senders.find { it.identity == 'impostor' }.";
        given().get("/api/senders?limit=1000")
                .then()
                .body(sender + "kind", equalTo("claimed"))
                .body("senders.findAll { it.identity.endsWith('king') }.size()", equalTo(0));
        assertThat(given().get("/q/metrics").asString())
                .contains("weir_sender_identity_requests_total{outcome=\"not_for_us\"} ");
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0, a whole number from 1 to 1000",
        "limit=x, a whole number from 1 to 1000",
        "sort=bytes, no parameter but limit",
    })
    void shouldSayWhatIsWrongWithAParameter(String query, String expected) {
        given().get("/api/senders?" + query)
                .then()
                .statusCode(400)
                .contentType("application/json")
                .body("error", containsString("expected " + expected));
    }

    private void send(RequestSpecification request, String service) {
        request.port(doors.httpPort())
                .contentType("application/json")
                .body("""
                        {"resourceSpans": [{
                          "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "%s"}}]},
                          "scopeSpans": [{"spans": [{
                            "traceId": "5b8efff798038103d269b633813fc60c", "spanId": "eee19b7ec3c1b174", "name": "GET /"
                          }]}]}]}
                        """.formatted(service))
                .post("/v1/traces")
                .then()
                .statusCode(200);
    }
}
