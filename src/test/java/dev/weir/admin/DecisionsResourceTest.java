package dev.weir.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.weir.sample.tail.Explanation;
import dev.weir.sample.tail.Reason;
import dev.weir.sample.tail.Recalled;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is said of decisions that are only remembered. */
final class DecisionsResourceTest {

    private static final String ID = "0000000000000000000000000000ABCD";
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");
    private final ObjectMapper json = new ObjectMapper().registerModule(new JavaTimeModule());

    @Test
    void shouldSayThatTheExplanationWasForgotten() {
        JsonNode decision = answer(new Recalled(true, "half", 1L << 55, true, false, AT));

        assertThat(decision.path("traceId").asText()).isEqualTo("0000000000000000000000000000abcd");
        assertThat(decision.path("outcome").asText()).isEqualTo("kept");
        assertThat(decision.path("policy").asText()).isEqualTo("half");
        assertThat(decision.path("probability").asDouble()).isEqualTo(0.5);
        assertThat(decision.path("threshold").asText()).isEqualTo("8");
        assertThat(decision.path("note").asText()).contains("forgotten");
        assertThat(decision.has("reason")).isFalse();
        assertThat(decision.has("spans")).isFalse();
    }

    @Test
    void shouldSayThatATraceLostTheDiceAtTheDoor() {
        JsonNode decision = answer(new Recalled(false, "overload", 3L << 54, true, true, AT));

        assertThat(decision.path("outcome").asText()).isEqualTo("dropped");
        assertThat(decision.path("policy").asText()).isEqualTo("overload");
        assertThat(decision.path("reason").asText()).isEqualTo("overload");
        assertThat(decision.path("probability").asDouble()).isEqualTo(0.25);
        assertThat(decision.path("threshold").asText()).isEqualTo("c");
        assertThat(decision.path("note").asText()).contains("at the door");
    }

    @Test
    void shouldNotMakeUpAProbabilityThatIsUnknown() {
        JsonNode decision = answer(new Recalled(true, "rate", 1L << 55, false, false, AT));

        assertThat(decision.has("probability")).isFalse();
        assertThat(decision.has("threshold")).isFalse();
    }

    @Test
    void shouldSayWhyATraceWasKeptThatCouldNotBeJudged() {
        Explanation full = new Explanation(true, "fault", 1, 0, false, Reason.WAIT_OVER, AT, 3, 900, 0);
        JsonNode decision = json.valueToTree(DecisionsResource.Decision.of(ID, full));

        assertThat(decision.path("policy").asText()).isEqualTo("fault");
        assertThat(decision.path("note").asText()).contains("could not judge").doesNotContain("forgotten");

        assertThat(answer(new Recalled(true, "fault", 0, false, false, AT))
                        .path("note")
                        .asText())
                .contains("could not judge")
                .contains("forgotten");
    }

    private JsonNode answer(Recalled recalled) {
        return json.valueToTree(DecisionsResource.Decision.of(ID, recalled));
    }
}
