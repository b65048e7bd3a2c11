package dev.weir.enrich.envoy;

import static dev.weir.enrich.envoy.TranslatedSpan.client;
import static dev.weir.enrich.envoy.TranslatedSpan.server;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Status;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which calls count as failed, and why, by what Envoy says of them. */
class EnvoyErrorsTest {

    @Test
    void shouldSayThatA5xxIsAnErrorAndA4xxOnlyToTheClient() {
        assertThat(server().tag("http.status_code", "503").translate().get("error.type"))
                .isEqualTo("503");
        assertThat(server().tag("http.status_code", "404").translate().get("error.type"))
                .isNull();
        assertThat(client().tag("http.status_code", "404").translate().get("error.type"))
                .isEqualTo("404");
    }

    @Test
    void shouldMakeAnErrorOfHttpStatusCode0() {
        TranslatedSpan span = client().tag("http.status_code", "0")
                .tag("error", "true")
                .tag("response_flags", "DC")
                .translate();

        assertThat(span.get("http.response.status_code")).isNull();
        assertThat(span.get("error.type")).isEqualTo("DC");
        assertThat(span.after().getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
    }

    @Test
    void shouldMakeAnErrorOfHttpStatusCode0WithoutAFlag() {
        TranslatedSpan span = client().tag("http.status_code", "0")
                .tag("canceled", "true")
                .tag("response_flags", "-")
                .translate();

        assertThat(span.added()).isEqualTo(Map.of("error.type", "_OTHER"));
        assertThat(span.after().getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
    }

    @Test
    void shouldLeaveAStatusThatIsSet() {
        Status ok = Status.newBuilder()
                .setCode(Status.StatusCode.STATUS_CODE_OK)
                .setMessage("fine")
                .build();

        assertThat(client().status(ok)
                        .tag("http.status_code", "0")
                        .translate()
                        .after()
                        .getStatus())
                .isEqualTo(ok);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {"UF UF", "URX,UF URX", "DI,UT UT", "DI,RFCF,UO UO", "NR NR"})
    void shouldTakeErrorTypeFromTheFirstResponseFlagThatIsAFailure(String flags, String type) {
        assertThat(client().tag("response_flags", flags).translate().added())
                .isEqualTo(Map.of("envoy.response_flags", List.of(flags.split(",")), "error.type", type));
    }

    @ParameterizedTest
    @ValueSource(strings = {"DI", "DI,RFCF", "CUSTOM_FLAG"})
    void shouldListResponseFlagsThatAreNoFailure(String flags) {
        assertThat(client().tag("response_flags", flags).translate().added())
                .isEqualTo(Map.of("envoy.response_flags", List.of(flags.split(","))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "", ",", "UF,", ",UF", "U F", "UF;DC", "A,B,C,D,E,F,G,H,I,J,K,L,M,N,O,P,Q"})
    void shouldLeaveOutResponseFlagsThatAreNone(String flags) {
        assertThat(client().tag("response_flags", flags).translate().added()).isEmpty();
    }
}
