package dev.weir.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.weir.enrich.senders.SenderKey;
import dev.weir.enrich.senders.Senders;
import dev.weir.pipeline.Sender.Protocol;
import dev.weir.pipeline.Signal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code GET /api/senders} makes of the table, and which parameters it takes. */
final class SendersResourceTest {

    private static final String CART = "spiffe://cluster.local/ns/shop/sa/cart";
    private final Senders senders = new Senders(10);
    private final ObjectMapper json = new ObjectMapper().registerModule(new JavaTimeModule());

    @Test
    void shouldSayWhoSentHowMuchOfWhat() {
        note(SenderKey.verified(CART, false), Signal.TRACES, 5, 700, true);
        note(SenderKey.verified(CART, false), Signal.METRICS, 2, 100, false);

        JsonNode sender = answer(10).path("senders").get(0);

        assertThat(sender.path("identity").asText()).isEqualTo(CART);
        assertThat(sender.path("kind").asText()).isEqualTo("verified");
        assertThat(sender.path("relay").asBoolean(true)).isFalse();
        assertThat(sender.path("bytes").asLong()).isEqualTo(800);
        assertThat(sender.path("mismatches").asLong()).isEqualTo(1);
        assertThat(sender.path("protocols")).extracting(JsonNode::asText).containsExactly("grpc");
        assertThat(sender.path("signals").path("traces")).hasToString("{\"requests\":1,\"items\":5,\"bytes\":700}");
        assertThat(sender.path("signals").has("logs")).isFalse();
    }

    @Test
    void shouldAddUpWhoIsNotShown() {
        note(SenderKey.verified(CART, true), Signal.TRACES, 5, 700, false);
        note(SenderKey.peer("10.0.0.1:5"), Signal.LOGS, 1, 50, false);
        note(SenderKey.peer("10.0.0.2:5"), Signal.LOGS, 1, 50, false);

        JsonNode answer = answer(1);

        assertThat(answer.path("senders")).hasSize(1);
        assertThat(answer.path("senders").get(0).path("relay").asBoolean()).isTrue();
        assertThat(answer.path("others").path("bytes").asLong()).isEqualTo(100);
        assertThat(answer.path("others")
                        .path("signals")
                        .path("logs")
                        .path("requests")
                        .asLong())
                .isEqualTo(2);
        assertThat(answer.path("known").asInt()).isEqualTo(3);
        assertThat(answer.path("most").asInt()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1000, 1000", "'', 20", "' ', 20"})
    void shouldTakeALimit(String given, int limit) {
        assertThat(SendersResource.limit(Map.of("limit", List.of(given)))).isEqualTo(limit);
    }

    @Test
    void shouldShowTwentyWithoutALimit() {
        assertThat(SendersResource.limit(Map.of())).isEqualTo(20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1001", "-1", "many", "1.5", "99999999999"})
    void shouldRejectALimitThatIsNone(String limit) {
        assertThatExceptionOfType(BadParameterException.class)
                .isThrownBy(() -> SendersResource.limit(Map.of("limit", List.of(limit))))
                .withMessage("limit=" + limit + ": expected a whole number from 1 to 1000");
    }

    @Test
    void shouldRejectALimitGivenTwice() {
        assertThatExceptionOfType(BadParameterException.class)
                .isThrownBy(() -> SendersResource.limit(Map.of("limit", List.of("1", "2"))))
                .withMessageContaining("once");
    }

    @Test
    void shouldRejectAParameterThatItDoesNotKnow() {
        assertThatExceptionOfType(BadParameterException.class)
                .isThrownBy(() -> SendersResource.limit(Map.of("top", List.of("5"))))
                .withMessageContaining("no parameter but limit");
    }

    private void note(SenderKey key, Signal signal, int items, int bytes, boolean mismatch) {
        senders.note(key, Protocol.GRPC, signal, items, bytes, mismatch, 1_763_700_000_000L);
    }

    private JsonNode answer(int limit) {
        return json.valueToTree(SendersResource.SendersAnswer.of(senders.read(limit)));
    }
}
