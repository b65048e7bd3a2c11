package dev.weir.sample.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.sample.policy.Rules;
import org.junit.jupiter.api.Test;

final class RulesReadingTest {

    private static final String TWO = """
            policies:
              - { name: errors, status: [error] }
              - { name: rest, ratio: 0.1 }
            """;

    private final RulesReading reading = new RulesReading(false, System::nanoTime);

    @Test
    void shouldKeepTheRulesWhenOnlyWhatIsAroundThePoliciesChanges() throws Exception {
        Rules rules = reading.read(TWO, null);

        assertThat(reading.read("# moved down\n\n" + TWO, rules)).isSameAs(rules);
        Rules next = reading.read(TWO.replace("0.1", "0.2"), rules);
        assertThat(next.generation()).isEqualTo(rules.generation() + 1);
        assertThat(reading.read(TWO.replace("0.1", "0.2"), next)).isSameAs(next);
    }

    @Test
    void shouldReadPoliciesInsideTheConfiguration() throws Exception {
        Rules rules = new RulesReading(true, System::nanoTime)
                .read("weir: { sample: { tail: { policies: [ { name: all, always: true } ] } } }", null);

        assertThat(rules.describe()).hasSize(1);
    }

    @Test
    void shouldRefusePoliciesThatAskForMoreOfEachTraceThanThereIsRoomFor() {
        StringBuilder counting = new StringBuilder("policies:\n");
        for (int i = 0; i < 150; i++) {
            counting.append("  - { name: p%d, condition: \"%s && %s\" }\n".formatted(i, twice("a", i), twice("b", i)));
        }

        assertThat(RulesReading.faults(counting.toString(), false))
                .singleElement()
                .asString()
                .contains("count spans by 300 different conditions");
    }

    private static String twice(String key, int value) {
        return "spans.filter(s, s.attributes['" + key + "'] == " + value + ").size() >= 2";
    }

    @Test
    void shouldSayWhereTheFaultIs() {
        assertThatThrownBy(() -> reading.read(TWO.replace("[error]", "[eror]"), null))
                .isInstanceOf(FaultyPoliciesException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("'errors'");
        assertThat(RulesReading.faults("policies: []", false)).hasSize(1);
        assertThat(RulesReading.faults(TWO, false)).isEmpty();
    }
}
