package dev.weir.sample.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegexSizeTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            abc              | 3
            a{3}             | 3
            (ab){10}         | 30
            [a-z]{2,5}       | 5
            \\d{4}\\{9       | 6
            a{x}             | 4
            []a]{2}          | 2
            """)
    void shouldReckonWhatRepetitionsMake(String regex, long size) {
        assertThat(RegexSize.of(regex)).isEqualTo(size);
    }

    @Test
    void shouldNeverCallALargeProgramSmall() {
        Random random = new Random(3);
        String[] pieces = {"a", "(", ")", "[a-f]", "{3}", "{2,7}", "{9,}", "|", "\\w", ".", "*", "+?", "\\{", "é"};
        int compiled = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder regex = new StringBuilder();
            for (int j = random.nextInt(12); j >= 0; j--) {
                regex.append(pieces[random.nextInt(pieces.length)]);
            }
            try {
                long program = RegexSize.of(regex.toString()) > RegexSize.MAX
                        ? 0
                        : Pattern.compile(regex.toString()).programSize();
                compiled++;
                assertThat(program).as(regex.toString()).isLessThan(8 + 8 * RegexSize.of(regex.toString()));
            } catch (RuntimeException e) {
                // not a pattern
            }
        }
        assertThat(compiled).isGreaterThan(1000);
    }
}
