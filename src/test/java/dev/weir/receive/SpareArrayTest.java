package dev.weir.receive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpareArrayTest {

    private static final int MIB = 1 << 20;

    private final SpareArray spare = new SpareArray();

    @Test
    void whatWasGivenBackIsUsedOnceMore() {
        byte[] array = spare.take(4 * MIB);
        assertThat(spare.take(4 * MIB)).isNotSameAs(array);
        spare.giveBack(array);
        assertThat(spare.take(4 * MIB)).isSameAs(array);
        assertThat(spare.take(4 * MIB)).as("it has one user at a time").isNotSameAs(array);
    }

    @Test
    void anArrayThatIsMuchLongerThanWhatIsChargedIsNotUsed() {
        byte[] array = new byte[5 * MIB];
        spare.giveBack(array);
        assertThat(spare.take(4 * MIB - 1)).hasSize(4 * MIB - 1);
        assertThat(spare.take(5 * MIB + 1)).hasSize(5 * MIB + 1);
        assertThat(spare.take(4 * MIB)).isSameAs(array);
    }

    @Test
    void theLongestIsKeptAndSmallOnesAreNot() {
        byte[] longest = new byte[3 * MIB];
        spare.giveBack(longest);
        spare.giveBack(new byte[2 * MIB]);
        assertThat(spare.take(3 * MIB)).isSameAs(longest);
        byte[] small = new byte[MIB - 1];
        spare.giveBack(small);
        assertThat(spare.take(MIB - 1)).isNotSameAs(small);
    }
}
