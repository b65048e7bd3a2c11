package dev.weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OtelTraceStateTest {

    private static final long HALF = 0x80000000000000L;

    private final OtelTraceState state = new OtelTraceState();

    @Test
    void shouldReadRandomnessAndThreshold() {
        read("congo=t61rcWkgMzE, ot=th:c ; rojo=1".replace(" ; ", ";a:b\t,"));

        assertThat(state.isMalformed()).isFalse();
        assertThat(state.hasThreshold()).isTrue();
        assertThat(state.threshold()).isEqualTo(0xc0000000000000L);
        assertThat(state.hasRandomness()).isFalse();

        read("ot=p:8;rv:6e6d1a75832a2f;th:FFfe");

        assertThat(state.threshold()).isEqualTo(0xfffe0000000000L);
        assertThat(state.hasRandomness()).isTrue();
        assertThat(state.randomness()).isEqualTo(0x6e6d1a75832a2fL);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // was | with th:8 | without th
                "''|ot=th:8|''",
                "ot=th:0|ot=th:8|''",
                "ot=th:c|ot=th:8|''",
                "ot=rv:6e6d1a75832a2f|ot=rv:6e6d1a75832a2f;th:8|ot=rv:6e6d1a75832a2f",
                "ot=th:4;rv:6e6d1a75832a2f|ot=rv:6e6d1a75832a2f;th:8|ot=rv:6e6d1a75832a2f",
                "ot=p:8;th:4;r:62|ot=p:8;r:62;th:8|ot=p:8;r:62",
                "ot=p:8;th:4|ot=p:8;th:8|ot=p:8",
                "ot=p:;tha:4|ot=p:;tha:4;th:8|ot=p:;tha:4",
                "congo=t61,rojo=00f0|ot=th:8,congo=t61,rojo=00f0|congo=t61,rojo=00f0",
                "congo=t61 , ot=th:0 ,, 9t@rojo=a b|ot=th:8,congo=t61,9t@rojo=a b|congo=t61,9t@rojo=a b",
                "a=1,ot=x:1,b=2|ot=x:1;th:8,a=1,b=2|ot=x:1,a=1,b=2"
            })
    void shouldWriteAnotherThresholdAndKeepTheRest(String was, String with, String without) {
        read(was);

        assertThat(state.isMalformed()).isFalse();
        assertThat(write(HALF)).isEqualTo(with);
        assertThat(write(OtelTraceState.NO_THRESHOLD)).isEqualTo(without);
    }

    @Test
    void shouldLetTheRightmostOf32EntriesMakeRoom() {
        String entries = entries(32);
        read(entries);

        assertThat(state.isMalformed()).isFalse();
        assertThat(write(HALF)).isEqualTo("ot=th:8," + entries(31));
        assertThat(write(OtelTraceState.NO_THRESHOLD)).isEqualTo(entries);

        read(entries(31) + ",ot=th:4");

        assertThat(write(HALF)).isEqualTo("ot=th:8," + entries(31));
    }

    static Stream<String> malformed() {
        return Stream.of(
                "ot",
                "=",
                "ot=",
                "ot=th",
                "ot=th:",
                "ot=th:x",
                "ot=th:123456789abcdef",
                "ot=th:-1",
                "ot=th:8;",
                "ot=;th:8",
                "ot=th:8;th:9",
                "ot=rv:1",
                "ot=rv:6e6d1a75832a2",
                "ot=rv:6e6d1a75832a2g",
                "ot=rv:6e6d1a75832a2f;rv:6e6d1a75832a2f",
                "ot=th:8,ot=th:8",
                "ot=p:ä",
                "ot=P:8",
                "ot=1p:8",
                "ot=p:a=b",
                "OT=th:8",
                "a=b=c",
                "a=\u0001",
                "a=ü",
                "a",
                "a=" + "b".repeat(257),
                "a".repeat(257) + "=b",
                entries(33),
                "a=1" + ",".repeat(OtelTraceState.MAX_LENGTH),
                "ot=x:" + "y".repeat(255));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void shouldNeitherBelieveNorChangeWhatIsMalformed(String text) {
        read(text);

        assertThat(state.isMalformed()).isTrue();
        assertThat(state.hasThreshold()).isFalse();
        assertThat(state.hasRandomness()).isFalse();
        assertThat(state.write(HALF, new byte[OtelTraceState.MAX_WRITTEN], 0)).isEqualTo(OtelTraceState.UNWRITABLE);
    }

    @Test
    void shouldNotWriteAnEntryThatWouldBeTooLong() {
        read("ot=x:" + "y".repeat(250));

        assertThat(state.isMalformed()).isFalse();
        assertThat(state.write(HALF, new byte[OtelTraceState.MAX_WRITTEN], 0)).isEqualTo(OtelTraceState.UNWRITABLE);
    }

    @Test
    void shouldFitIntoTheRoomItAsksForAndStayReadable() {
        Random random = new Random(7);
        String alphabet = "aot=:;,thrv09 f\t\u007f";
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "ot=" : "");
            for (int n = random.nextInt(24); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            read(text.toString());
            long rv = state.randomness();
            if (!state.isMalformed()) {
                String written = write(HALF);
                assertThat(state.reset(bytes(written), 0, written.length()).isMalformed())
                        .as("%s from %s", written, text)
                        .isFalse();
                assertThat(state.threshold()).isEqualTo(HALF);
                assertThat(state.randomness()).isEqualTo(rv);
            }
        }
    }

    private static String entries(int count) {
        return IntStream.range(0, count).mapToObj(i -> "k" + i + "=v").collect(Collectors.joining(","));
    }

    private void read(String text) {
        byte[] padded = bytes("ot=th:f," + text + ",ot=th:f");
        state.reset(padded, 8, padded.length - 8);
    }

    private String write(long threshold) {
        byte[] out = new byte[5 + OtelTraceState.MAX_WRITTEN];
        return new String(out, 5, state.write(threshold, out, 5) - 5, StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
