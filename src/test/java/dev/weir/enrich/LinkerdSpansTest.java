package dev.weir.enrich;

import static dev.weir.enrich.MeshSpans.resource;
import static dev.weir.enrich.MeshSpans.sdk;
import static dev.weir.enrich.MeshSpans.span;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Spans as Linkerd sends them, on their whole way through the stage. */
class LinkerdSpansTest {

    private static final String CODE = "http.response.status_code";

    private static final Span LINKERDS = span(
            "direction",
            "inbound",
            "url.path",
            "/api/vote",
            "server.address",
            "web-svc",
            "server.port",
            "80",
            CODE,
            "200");

    @Test
    void shouldMakeIntegersOfTheNumbersThatLinkerdWritesAsTexts() {
        List<KeyValue> after = send(EnrichFixture.of(), LINKERDS);

        assertThat(after)
                .hasSize(LINKERDS.getAttributesCount())
                .contains(LINKERDS.getAttributes(0), LINKERDS.getAttributes(1), LINKERDS.getAttributes(2))
                .anyMatch(each ->
                        each.getKey().equals("server.port") && each.getValue().getIntValue() == 80)
                .anyMatch(each -> each.getKey().equals(CODE) && each.getValue().getIntValue() == 200);
    }

    @Test
    void shouldLeaveTheTextsOfOthers() {
        Span others = span("server.port", "80", CODE, "200");

        assertThat(send(EnrichFixture.of(), others)).isEqualTo(others.getAttributesList());
    }

    @Test
    void shouldLeaveTheTextsWhenNothingIsTranslated() {
        assertThat(send(EnrichFixture.of("mesh.dialect", "off"), LINKERDS)).isEqualTo(LINKERDS.getAttributesList());
    }

    @Test
    void shouldNotBringBackWhatIsTakenOutOrSet() {
        EnrichFixture fixture = EnrichFixture.of(
                "attributes.span.delete", "server.port", "attributes.span.set.http.response.status_code", "secret");

        assertThat(send(fixture, LINKERDS))
                .hasSize(LINKERDS.getAttributesCount() - 1)
                .noneMatch(each -> each.getKey().equals("server.port"))
                .filteredOn(each -> each.getKey().equals(CODE))
                .extracting(each -> each.getValue().getStringValue())
                .containsExactly("secret");
    }

    @Test
    void shouldNotReadWhatIsRedacted() {
        EnrichFixture fixture = EnrichFixture.of("redact.remove", "server.port", "redact.hash", CODE);

        assertThat(send(fixture, LINKERDS))
                .hasSize(LINKERDS.getAttributesCount() - 1)
                .allMatch(each -> each.getValue().hasStringValue());
    }

    private static List<KeyValue> send(EnrichFixture fixture, Span span) {
        return fixture.traces(sdk(resource("linkerd.io/control-plane-ns", "linkerd"), span))
                .getResourceSpans(0)
                .getScopeSpans(0)
                .getSpans(0)
                .getAttributesList();
    }
}
