package dev.weir.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OptionsTest {

    @Test
    void shouldTakeScenariosAndNumbers() {
        Options options =
                Options.of("pass-512", "logs", "--seconds", "2.5", "--rounds", "3", "--gateways", "weir,rotel");

        assertThat(options.scenarios()).extracting(Scenario::name).containsExactly("pass-512", "logs");
        assertThat(options.seconds()).isEqualTo(2.5);
        assertThat(options.rounds()).isEqualTo(3);
        assertThat(options.gateways()).containsExactly(Gateway.WEIR, Gateway.ROTEL);
    }

    @Test
    void shouldNameTheScenariosThatThereAre() {
        assertThatThrownBy(() -> Options.of("pass"))
                .hasMessageContaining("no scenario pass")
                .hasMessageContaining("pass-512");
        assertThatThrownBy(() -> Options.of("--fast")).hasMessageContaining("there is no option --fast");
        assertThatThrownBy(() -> Options.of("--seconds")).hasMessageContaining("--seconds wants a value");
    }

    @Test
    void shouldCompareWeirWithItself() {
        assertThat(Options.of("--aa", "pass-512").gateways()).containsExactly(Gateway.WEIR, Gateway.WEIR);
    }

    @Test
    void shouldHaveScenariosOfOneConfigurationTogetherAndAConfigurationOfOursForEach() {
        Set<String> seen = new HashSet<>();
        String last = "";
        for (Scenario scenario : Scenario.EVERY) {
            assertThat(scenario.config().equals(last) || seen.add(scenario.config()))
                    .as(scenario.name())
                    .isTrue();
            last = scenario.config();
            assertThat(Files.exists(Gateway.WEIR.config(scenario.config()))).isTrue();
            assertThat(List.of(Gateway.OTELCOL, Gateway.ROTEL))
                    .as("somebody to compare with in " + scenario.name())
                    .anyMatch(peer -> Files.exists(peer.config(scenario.config())));
        }
    }
}
