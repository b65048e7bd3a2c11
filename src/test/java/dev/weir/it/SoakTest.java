package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a soak fails for the memory that it saw. */
class SoakTest {

    @ParameterizedTest(name = "{0}, then {1}, in all {2} MiB")
    @CsvSource({
        "149, 149, 149, true",
        "150, 165, 160, true",
        "150, 166, 160, false",
        "184, 150, 170, true",
        "192, 192, 192, true",
        "193, 193, 193, false"
    })
    void shouldFailWhenMemoryGrowsByMoreThanATenthOrIsOverTheLimit(long first, long second, long all, boolean steady) {
        assertThat(Soak.isSteady(first, second, all)).isEqualTo(steady);
    }
}
