package dev.weir.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ByteSizeTest {

    @ParameterizedTest
    @CsvSource({"512MiB,536870912", "64MB,64000000", "4096,4096", "1.5 GiB,1610612736", "8k,8192", "0,0", "7b,7"})
    void shouldReadBinaryAndDecimalUnits(String text, long bytes) {
        assertThat(ByteSize.of(text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MiB", "12parsecs", "-1", "1e9", "999999999999GiB"})
    void shouldRejectWhatIsNoSize(String text) {
        assertThatThrownBy(() -> ByteSize.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldWriteTheLargestUnitThatIsExact() {
        assertThat(new ByteSize(64 << 20)).hasToString("64MiB");
        assertThat(new ByteSize(1025)).hasToString("1025B");
    }
}
