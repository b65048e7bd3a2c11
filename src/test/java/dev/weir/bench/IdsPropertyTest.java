package dev.weir.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class IdsPropertyTest {

    @Test
    void shouldLeadFromAnIdBackToTheItem() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            Ids ids = new Ids(random.nextLong());
            long item = random.nextLong(1L << 40);
            assertThat(ids.itemOf(ids.span(item))).isEqualTo(item);
        }
    }

    @Test
    void shouldMixToOthersAndBack() {
        Random random = new Random(2);
        for (int i = 0; i < 10_000; i++) {
            long x = random.nextLong();
            assertThat(Ids.unmix(Ids.mix(x))).isEqualTo(x);
        }
    }

    @Test
    void shouldHashEachOfTheThreeIds() {
        Random random = new Random(3);
        for (int i = 0; i < 10_000; i++) {
            long high = random.nextLong();
            long low = random.nextLong();
            long span = random.nextLong();
            long bit = 1L << random.nextInt(64);
            assertThat(Ids.hash(high, low, span))
                    .isNotEqualTo(Ids.hash(high ^ bit, low, span))
                    .isNotEqualTo(Ids.hash(high, low ^ bit, span))
                    .isNotEqualTo(Ids.hash(high, low, span ^ bit));
        }
    }
}
