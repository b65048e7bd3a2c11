package dev.weir.sample.ratio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weir.otlp.Hex56;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThresholdTest {

    /** The table in the specification, section "Converting floating-point probability to threshold value". */
    @ParameterizedTest
    @CsvSource({
        "1, 0, 0, 0",
        "0.5, 8, 8, 8",
        "0.3333333333333333, aab, aaab, aaaab",
        "0.25, c, c, c",
        "0.2, ccd, cccd, ccccd",
        "0.125, e, e, e",
        "0.1, e66, e666, e6666",
        "0.0625, f, f, f",
        "0.01, fd71, fd70a, fd70a4",
        "0.001, ffbe7, ffbe77, ffbe76d",
        "0.0001, fff972, fff9724, fff97247",
        "0.00001, ffff584, ffff583a, ffff583a5",
        "0.000001, ffffef4, ffffef39, ffffef391"
    })
    void shouldRoundAsTheSpecification(double probability, String three, String four, String five) {
        assertThat(text(Threshold.ofRatio(probability, 3))).isEqualTo(three);
        assertThat(text(Threshold.ofRatio(probability, 4))).isEqualTo(four);
        assertThat(text(Threshold.ofRatio(probability, 5))).isEqualTo(five);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0",
        "0.5, 8",
        "0.25, c",
        "0.75, 4",
        "0.1, e6666666666666",
        "0.3333333333333333, aaaaaaaaaaaaac",
        "0.01, fd70a3d70a3d71",
        "1.3877787807814457E-17, ffffffffffffff",
        "1e-300, ffffffffffffff"
    })
    void shouldBeExactToTheLastBitAndWrittenAsShortAsThatAllows(double probability, String digits) {
        assertThat(text(Threshold.ofRatio(probability))).isEqualTo(digits);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, 1.0000001, Double.NaN, Double.POSITIVE_INFINITY})
    void shouldRefuseWhatIsNoProbability(double probability) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Threshold.ofRatio(probability))
                .withMessageContaining("over 0 and at most 1");
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 0.999, 0.5, 0.1, 0.01, 1e-6, 0x1p-56})
    void shouldGiveTheProbabilityBack(double probability) {
        assertThat(Threshold.probability(Threshold.ofRatio(probability)))
                .isCloseTo(probability, org.assertj.core.data.Offset.offset(0x1p-56));
    }

    @Test
    void shouldKeepFromTheThresholdOn() {
        long half = 0x80000000000000L;

        assertThat(Threshold.keeps(half, half)).isTrue();
        assertThat(Threshold.keeps(half - 1, half)).isFalse();
        assertThat(Threshold.keeps(0, Threshold.ALWAYS)).isTrue();
        assertThat(Threshold.keeps((1L << 56) - 1, Threshold.NEVER)).isFalse();
    }

    @Test
    void shouldTakeTheRandomnessFromTheLastSevenBytes() {
        assertThat(Threshold.randomnessOf(0xa3ce929d0e0e4736L)).isEqualTo(0xce929d0e0e4736L);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "e6666666666666, e666",
        "e6668, e667",
        "ffff7fffffffff, ffff",
        "ffffffffffffff, ffff",
        "00007, 0"
    })
    void shouldRoundToFourDigitsAndNeverUpToNever(String threshold, String rounded) {
        byte[] digits = threshold.getBytes(StandardCharsets.US_ASCII);

        assertThat(text(Threshold.roundTo4Digits(Hex56.parse(digits, 0, digits.length))))
                .isEqualTo(rounded);
    }

    private static String text(long threshold) {
        byte[] out = new byte[Hex56.MAX_DIGITS];
        return new String(out, 0, Hex56.write(threshold, out, 0), StandardCharsets.US_ASCII);
    }
}
