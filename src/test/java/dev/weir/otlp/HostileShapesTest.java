package dev.weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Valid requests that are shaped so that cutting or merging them would take many times their size. */
class HostileShapesTest {

    @Test
    void shouldRefuseToRepeatLargeResource() {
        byte[] request = withResource(400 << 10, 2500, 30);

        assertThatExceptionOfType(RequestSplitter.TooScatteredException.class)
                .isThrownBy(() -> RequestSplitter.split(RequestType.TRACES, request, request.length / 2))
                .withMessageContaining(request.length + " bytes in parts of at most " + request.length / 2);
        byte[] larger = withResource(3_900 << 10, 40_000, 33);
        assertThatExceptionOfType(RequestSplitter.TooScatteredException.class)
                .isThrownBy(() -> RequestSplitter.split(RequestType.TRACES, larger, 4 << 20));
    }

    @Test
    void shouldRefuseToRepeatLargeMetricName() {
        ByteArrayOutputStream metric = new ByteArrayOutputStream();
        metric.writeBytes(Wrap.field(1, new byte[100_000]));
        metric.writeBytes(Wrap.field(5, repeated(Wrap.field(1, new byte[0]), 10_000)));
        byte[] request = Wrap.span(metric.toByteArray());

        assertThatExceptionOfType(RequestSplitter.TooScatteredException.class)
                .isThrownBy(() -> RequestSplitter.split(RequestType.METRICS, request, request.length / 2));
    }

    @Test
    void shouldRepeatOrdinaryResource() {
        byte[] request = withResource(300, 2500, 200);

        List<RequestSplitter.Part> parts = RequestSplitter.split(RequestType.TRACES, request, 50_000);

        assertThat(parts.stream().mapToInt(RequestSplitter.Part::items).sum()).isEqualTo(2500);
        assertThat(parts).hasSizeBetween(10, 12);
    }

    @Test
    void shouldFindManyTinyGroupsNotWorthMerging() {
        byte[] groups = repeated(Wrap.field(1, Wrap.field(2, new byte[0])), 1000);
        byte[] logs = Wrap.field(1, Wrap.field(2, repeated(Wrap.bytes(0x12, 0, 0x1a, 0), 1000)));

        assertThat(RequestMerger.worthMerging(RequestType.TRACES, groups)).isFalse();
        assertThat(RequestMerger.worthMerging(RequestType.LOGS, logs)).isFalse();
    }

    @Test
    void shouldFindOrdinaryRequestsWorthMerging() {
        assertThat(RequestMerger.worthMerging(RequestType.LOGS, new byte[0])).isTrue();
        assertThat(RequestMerger.worthMerging(RequestType.LOGS, Wrap.span(new byte[0])))
                .isTrue();
        assertThat(RequestMerger.worthMerging(RequestType.TRACES, SampleSpans.request(20, 1)))
                .isTrue();
        assertThat(RequestMerger.worthMerging(RequestType.TRACES, withResource(100, 1, 30)))
                .isTrue();
    }

    private static byte[] withResource(int resourceBytes, int items, int itemBytes) {
        ByteArrayOutputStream resource = new ByteArrayOutputStream();
        resource.writeBytes(Wrap.field(1, Wrap.field(1, Wrap.field(1, new byte[resourceBytes]))));
        resource.writeBytes(Wrap.field(2, repeated(Wrap.field(2, new byte[itemBytes]), items)));
        return Wrap.field(1, resource.toByteArray());
    }

    private static byte[] repeated(byte[] bytes, int times) {
        byte[] all = new byte[bytes.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(bytes, 0, all, i * bytes.length, bytes.length);
        }
        return all;
    }
}
