package dev.weir.admin;

import static io.restassured.RestAssured.given;

import dev.weir.receive.Doors;
import io.restassured.response.Response;
import java.util.Locale;

/** Sends OTLP JSON to the HTTP door. */
final class Sender {

    static final String NO_TRACE_ID = "00000000000000000000000000000000";

    private final Doors doors;

    Sender(Doors doors) {
        this.doors = doors;
    }

    /**
     * A trace of one span.
     *
     * @param traceId 32 hex digits
     * @param millis how long it took
     * @param status its code in OTLP: 0 unset, 1 ok, 2 error
     */
    Response span(String service, String name, String traceId, int millis, int status) {
        long start = 1_700_000_000_000_000_000L;
        return post(
                "/v1/traces",
                String.format(
                        Locale.ROOT, """
                {"resourceSpans": [{
                  "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "%s"}}]},
                  "scopeSpans": [{"spans": [{
                    "traceId": "%s", "spanId": "eee19b7ec3c1b174", "name": "%s", "kind": 2,
                    "startTimeUnixNano": "%d", "endTimeUnixNano": "%d", "status": {"code": %d},
                    "attributes": [{"key": "http.route", "value": {"stringValue": "/of/%s"}}]
                  }]}]}]}
                """, service, traceId, name, start, start + millis * 1_000_000L, status, name));
    }

    /** One log record; no destination takes logs. */
    Response log() {
        return post("/v1/logs", """
                {"resourceLogs": [{"scopeLogs": [{"logRecords": [{"body": {"stringValue": "hello"}}]}]}]}
                """);
    }

    Response post(String path, String json) {
        return given().port(doors.httpPort())
                .contentType("application/json")
                .body(json)
                .post(path);
    }
}
