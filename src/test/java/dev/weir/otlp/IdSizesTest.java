package dev.weir.otlp;

import static dev.weir.otlp.Wrap.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdSizesTest {

    private static final byte[] SPAN = join(id(1, 16), id(2, 8));

    private final RequestScanner scanner = new RequestScanner();

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 9, 16, 200})
    void invalid_shouldRejectSpanWithParentOfWrongSizeAndKeepItsNeighbour(int size) throws OtlpFormatException {
        byte[] request = items(SPAN, join(SPAN, id(4, size)), join(SPAN, id(4, size), id(4, 8)));
        assertThat(scanner.scan(RequestType.TRACES, request)).isEqualTo(1);
        assertThat(scanner.rejections()).isEqualTo(Map.of(Rejection.INVALID_PARENT_SPAN_ID, 2));
        assertThat(scanner.withoutRejected()).isEqualTo(items(SPAN));
    }

    @Test
    void invalid_shouldRejectSpanWithLinkIdOfWrongSize() throws OtlpFormatException {
        byte[] good = join(SPAN, Wrap.field(13, join(id(1, 16), id(2, 8))));
        byte[] badTrace = join(good, Wrap.field(13, join(id(1, 8), id(2, 8))));
        byte[] badSpan = join(SPAN, Wrap.field(13, join(id(1, 16), id(2, 16))), Wrap.field(13, id(1, 16)));
        assertThat(scanner.scan(RequestType.TRACES, items(badTrace, good, badSpan)))
                .isEqualTo(1);
        assertThat(scanner.rejections()).isEqualTo(Map.of(Rejection.INVALID_LINK, 2));
        assertThat(scanner.withoutRejected()).isEqualTo(items(good));
    }

    @Test
    void invalid_shouldTakeEmptyAndZeroParentsAndLinks() throws OtlpFormatException {
        byte[] empty = join(SPAN, id(4, 0), Wrap.field(13, join(id(1, 0), id(2, 0))), Wrap.field(13, new byte[0]));
        byte[] zero = join(SPAN, Wrap.field(4, new byte[8]), Wrap.field(13, Wrap.field(1, new byte[16])));
        assertThat(scanner.scan(RequestType.TRACES, items(empty, zero))).isEqualTo(2);
        assertThat(scanner.rejected()).isZero();
    }

    @Test
    void invalid_shouldRejectWrongSizeUnderTagLongerThanNeedBeOrBeforeGoodId() throws OtlpFormatException {
        byte[] parent = join(SPAN, bytes(0xa2, 0x00, 1, 1));
        byte[] link = join(SPAN, bytes(0xea, 0x00, 3, 0x0a, 1, 1));
        byte[] early = join(id(1, 3), SPAN);
        byte[] longLength = join(id(2, 8), bytes(0x0a, 0x8f, 0x00), new byte[15]);
        assertThat(scanner.scan(RequestType.TRACES, items(parent, link, early, longLength)))
                .isZero();
        assertThat(scanner.rejected()).isEqualTo(4);
    }

    @Test
    void invalid_shouldRejectLogRecordWithIdOfWrongSizeOnly() throws OtlpFormatException {
        byte[] good = join(id(9, 16), id(10, 8), bytes(0x10, 9));
        byte[] zero = join(Wrap.field(9, new byte[16]), id(10, 0));
        byte[] request = items(id(9, 15), good, id(10, 7), zero, new byte[0], join(id(9, 300), good));
        assertThat(scanner.scan(RequestType.LOGS, request)).isEqualTo(3);
        assertThat(scanner.rejections()).isEqualTo(Map.of(Rejection.INVALID_LOG_ID, 3));
        assertThat(scanner.withoutRejected()).isEqualTo(items(good, zero, new byte[0]));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void invalid_shouldRefuseRequestWithExemplarIdOfWrongSize(int field) throws OtlpFormatException {
        assertThat(scanner.scan(RequestType.METRICS, exemplar(join(id(4, 8), id(5, 16)))))
                .isEqualTo(1);
        assertThat(scanner.scan(RequestType.METRICS, exemplar(join(id(4, 0), id(5, 0)))))
                .isEqualTo(1);
        assertThatThrownBy(() -> scanner.scan(RequestType.METRICS, exemplar(id(field, 9))))
                .isInstanceOf(OtlpFormatException.class)
                .hasMessageContaining("exemplar");
    }

    private static byte[] exemplar(byte[] body) {
        return items(Wrap.field(5, Wrap.field(1, Wrap.field(5, body))));
    }

    private static byte[] items(byte[]... bodies) {
        byte[][] fields = Arrays.stream(bodies).map(body -> Wrap.field(2, body)).toArray(byte[][]::new);
        return Wrap.field(1, Wrap.field(2, join(fields)));
    }

    private static byte[] id(int number, int size) {
        byte[] id = new byte[size];
        Arrays.fill(id, (byte) 7);
        return Wrap.field(number, id);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
