package dev.weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestBytesTest {

    @Test
    void shouldBeTheVeryArray() throws IOException {
        byte[] request = SampleSpans.request(3, 1);

        RequestBytes bytes = RequestBytes.of(request);

        assertThat(bytes.isArray()).isTrue();
        assertThat(bytes.length()).isEqualTo(request.length);
        assertThat(bytes.toArray()).isSameAs(request);
        assertThat(written(bytes)).isEqualTo(request);
    }

    @Test
    void shouldKeepPiecesOfLongRequestsAndWriteThemAsOneArray() throws IOException {
        RequestBytes bytes = merged(List.of(SampleSpans.request(20, 0), SampleSpans.request(20, 9)));

        assertThat(bytes.isArray()).isFalse();
        byte[] pieces = written(bytes);
        assertThat(pieces).hasSize(bytes.length());
        assertThat(bytes.toArray()).isEqualTo(pieces);

        // Then it stays the array that somebody needed
        assertThat(bytes.isArray()).isTrue();
        assertThat(bytes.toArray()).isSameAs(bytes.toArray());
        assertThat(written(bytes)).isEqualTo(pieces);
    }

    @Test
    void shouldNotKeepRequestsThatAreMuchLongerThanWhatIsLeftOfThem() throws IOException {
        byte[] mostlyResource = SampleSpans.request(0, 0);

        RequestBytes bytes = merged(List.of(mostlyResource, mostlyResource, mostlyResource));

        assertThat(bytes.isArray()).isTrue();
        assertThat(written(bytes)).isEqualTo(bytes.toArray());
    }

    /** Whose pieces would take more objects than they have bytes. */
    @Test
    void shouldNotKeepPiecesOfManySmallRequestsOfDifferentResources() {
        RequestMerger merger = new RequestMerger(RequestType.LOGS);
        for (int i = 0; i < 1000; i++) {
            merger.add(new byte[] {0x0a, 8, 0x1a, 2, (byte) (i | 0x40), (byte) (i >> 6), 0x12, 2, 0x12, 0}, 1);
        }

        assertThat(merger.build().isArray()).isTrue();
    }

    private static RequestBytes merged(List<byte[]> requests) {
        RequestMerger merger = new RequestMerger(RequestType.TRACES);
        requests.forEach(request -> merger.add(request, 1));
        return merger.build();
    }

    private static byte[] written(RequestBytes bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        bytes.writeTo(out);
        return out.toByteArray();
    }
}
