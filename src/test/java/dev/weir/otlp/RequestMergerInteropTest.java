package dev.weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RequestMergerInteropTest {

    @ParameterizedTest
    @EnumSource
    void shouldKeepEveryItemWithItsResourceAndScopeInOrder(RequestType type) throws Exception {
        RequestMerger merger = new RequestMerger(type);
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<Flat> expected = new ArrayList<>();
            int items = 0;
            long length = 0;
            for (int n = 1 + random.nextInt(6); n > 0; n--) {
                // Few seeds, so that the same resources come again.
                Message request = new GeneratedRequests(1000 + random.nextInt(4)).request(type);
                byte[] bytes = request.toByteArray();
                int count = GeneratedRequests.items(type, request);
                merger.add(bytes, count);
                expected.addAll(Flat.of(bytes));
                items += count;
                length += bytes.length;
            }
            assertThat(merger.items()).isEqualTo(items);
            assertThat(merger.bytes()).isEqualTo(length);

            RequestBytes request = merger.build();
            ByteArrayOutputStream written = new ByteArrayOutputStream();
            request.writeTo(written);
            byte[] built = request.toArray();
            assertThat(written.toByteArray()).isEqualTo(built);

            assertThat(built.length).isLessThanOrEqualTo((int) length);
            assertThat(GeneratedRequests.items(type, GeneratedRequests.parse(type, built)))
                    .isEqualTo(items);
            assertThat(new RequestScanner().scan(type, built)).isEqualTo(items);
            assertThat(Flat.byGroup(Flat.of(built))).as("seed %d", seed).isEqualTo(Flat.byGroup(expected));
            assertThat(merger.isEmpty()).isTrue();
            assertThat(merger.items()).isZero();
            assertThat(merger.bytes()).isZero();
        }
    }

    @Test
    void shouldWriteEachResourceAndScopeOnce() throws Exception {
        RequestMerger merger = new RequestMerger(RequestType.TRACES);
        for (int i = 0; i < 300; i++) {
            ResourceSpans.Builder resource = ResourceSpans.newBuilder()
                    .setResource(Resource.newBuilder().setDroppedAttributesCount(i % 50))
                    .setSchemaUrl("url");
            resource.addScopeSpans(ScopeSpans.newBuilder()
                    .setScope(InstrumentationScope.newBuilder().setName("scope " + i % 2))
                    .addSpans(Span.newBuilder().setName("span " + i)));
            merger.add(
                    ExportTraceServiceRequest.newBuilder()
                            .addResourceSpans(resource)
                            .build()
                            .toByteArray(),
                    1);
        }

        ExportTraceServiceRequest built =
                ExportTraceServiceRequest.parseFrom(merger.build().toArray());

        assertThat(built.getResourceSpansList()).hasSize(50);
        assertThat(built.getResourceSpansList()).allSatisfy(resource -> {
            assertThat(resource.getSchemaUrl()).isEqualTo("url");
            assertThat(resource.getScopeSpansList()).hasSize(1);
            assertThat(resource.getScopeSpans(0).getSpansList()).hasSize(6);
        });
        assertThat(built.getResourceSpans(3).getScopeSpans(0).getSpansList())
                .extracting(Span::getName)
                .containsExactly("span 3", "span 53", "span 103", "span 153", "span 203", "span 253");
    }

    @Test
    void shouldFindSameHeaderWhateverStandsBetweenItsFields() throws Exception {
        byte[] resource = Wrap.field(
                1, Resource.newBuilder().setDroppedAttributesCount(3).build().toByteArray());
        byte[] schema = Wrap.field(3, new byte[] {'u', 'r', 'l'});
        byte[] scopes = Wrap.field(2, Wrap.field(2, new byte[0]));
        RequestMerger merger = new RequestMerger(RequestType.TRACES);
        merger.add(Wrap.field(1, concat(resource, scopes, schema)), 1);
        merger.add(Wrap.field(1, concat(resource, schema, scopes)), 1);
        merger.add(Wrap.field(1, concat(scopes, resource, schema)), 1);

        ExportTraceServiceRequest built =
                ExportTraceServiceRequest.parseFrom(merger.build().toArray());

        assertThat(built.getResourceSpansList()).hasSize(1);
        assertThat(built.getResourceSpans(0).getScopeSpansList()).hasSize(1);
        assertThat(built.getResourceSpans(0).getScopeSpans(0).getSpansCount()).isEqualTo(3);
    }

    @Test
    void shouldPassSingleRequestOnAsItCame() {
        byte[] request = Wrap.span(new byte[0]);
        RequestMerger merger = new RequestMerger(RequestType.TRACES);
        merger.add(request, 1);

        assertThat(merger.isEmpty()).isFalse();
        assertThat(merger.build().toArray()).isSameAs(request);
        assertThat(merger.build().length()).isZero();
    }

    private static byte[] concat(byte[]... parts) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
