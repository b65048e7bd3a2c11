package dev.weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RequestMergerTest {

    private static final RequestType TYPE = RequestType.LOGS;
    private static final byte[] REQUEST = new GeneratedRequests(5).request(TYPE).toByteArray();

    @Test
    void shouldStayAsItWasWhenRequestEndsInsideItsLastGroup() {
        byte[] good = Wrap.span(new byte[3]);
        byte[] bad = Arrays.copyOf(good, 2 * good.length - 1);
        System.arraycopy(good, 0, bad, good.length, good.length - 1);

        shouldRefuseAndStayAsItWas(bad);
    }

    @Test
    void shouldStayAsItWasWhateverBytesAreRefused() {
        Random random = new Random(3);
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] bytes = Arrays.copyOf(REQUEST, 1 + random.nextInt(REQUEST.length));
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            try {
                new RequestMerger(TYPE).add(bytes, 1);
            } catch (IllegalArgumentException e) {
                refused++;
                shouldRefuseAndStayAsItWas(bytes);
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }

    private static void shouldRefuseAndStayAsItWas(byte[] bytes) {
        RequestMerger merger = new RequestMerger(TYPE);
        merger.add(REQUEST, 7);
        merger.add(REQUEST, 7);
        byte[] expected = merger.build().toArray();
        merger.add(REQUEST, 7);

        assertThatIllegalArgumentException().isThrownBy(() -> merger.add(bytes, 100));

        assertThat(merger.items()).isEqualTo(7);
        assertThat(merger.bytes()).isEqualTo(REQUEST.length);
        merger.add(REQUEST, 7);
        assertThat(merger.build().toArray()).isEqualTo(expected);
    }
}
