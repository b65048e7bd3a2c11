package dev.weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SpanGroupsInteropTest {

    private final SpanGroups groups = new SpanGroups();

    @Test
    void shouldBuildNothingOutOfNothing() {
        assertThat(groups.build()).isEmpty();
        assertThat(groups.bytes()).isZero();
    }

    @Test
    void shouldWriteEachResourceAndScopeOnceWithItsSpansInOrder() throws Exception {
        add(resource("a", "s"), scope("x"), span("1"));
        add(resource("b", "s"), scope("x"), span("2"));
        add(resource("a", "s"), scope("y"), span("3"));
        add(resource("a", "t"), scope("x"), span("4"));
        add(resource("a", "s"), scope("x"), span("5"));

        assertThat(groups.spans()).isEqualTo(5);
        ExportTraceServiceRequest built = ExportTraceServiceRequest.parseFrom(groups.build());

        assertThat(built)
                .isEqualTo(ExportTraceServiceRequest.newBuilder()
                        .addResourceSpans(resource("a", "s").toBuilder()
                                .addScopeSpans(scope("x").toBuilder()
                                        .addSpans(span("1"))
                                        .addSpans(span("5")))
                                .addScopeSpans(scope("y").toBuilder().addSpans(span("3"))))
                        .addResourceSpans(resource("b", "s").toBuilder()
                                .addScopeSpans(scope("x").toBuilder().addSpans(span("2"))))
                        .addResourceSpans(resource("a", "t").toBuilder()
                                .addScopeSpans(scope("x").toBuilder().addSpans(span("4"))))
                        .build());
    }

    @Test
    void shouldMatchWhatWasAddedHoweverManyGroupsAndBytesThereAre() throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            // Given spans of up to 100 kB of up to 2,500 scopes
            Random random = new Random(seed);
            List<String> expected = new ArrayList<>();
            int most = 1 + random.nextInt(50);
            for (int i = random.nextInt(4_000); i >= 0; i--) {
                ResourceSpans resource = resource("r" + random.nextInt(most), "");
                ScopeSpans scope = scope("s" + random.nextInt(most));
                Span span = span("n" + i + "x".repeat(random.nextInt(100) == 0 ? 100_000 : random.nextInt(200)));
                add(resource, scope, span);
                expected.add(resource.getResource() + "|" + scope.getScope() + "|" + span.getName());
            }
            long bound = groups.bytes();
            assertThat(groups.spans()).isEqualTo(expected.size());

            // When
            byte[] built = groups.build();

            // Then
            List<String> found = new ArrayList<>();
            ExportTraceServiceRequest.parseFrom(built)
                    .getResourceSpansList()
                    .forEach(r -> r.getScopeSpansList()
                            .forEach(s -> s.getSpansList()
                                    .forEach(span ->
                                            found.add(r.getResource() + "|" + s.getScope() + "|" + span.getName()))));
            assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
            assertThat((long) built.length).isLessThanOrEqualTo(bound);
            assertThat(new RequestScanner().scan(RequestType.TRACES, built)).isEqualTo(expected.size());
            assertThat(groups.spans()).isZero();
        }
    }

    private void add(ResourceSpans resource, ScopeSpans scope, Span span) {
        byte[] resourceHead = resource.toByteArray();
        byte[] scopeHead = scope.toByteArray();
        int group = groups.scope(groups.resource(resourceHead, 0, resourceHead.length), scopeHead, 0, scopeHead.length);
        byte[] body = span.toByteArray();
        byte[] out = groups.room(body.length);
        System.arraycopy(body, 0, out, groups.position(), body.length);
        groups.add(group, body.length);
    }

    private static ResourceSpans resource(String host, String schemaUrl) {
        return ResourceSpans.newBuilder()
                .setResource(Resource.newBuilder()
                        .addAttributes(io.opentelemetry.proto.common.v1.KeyValue.newBuilder()
                                .setKey(host)))
                .setSchemaUrl(schemaUrl)
                .build();
    }

    private static ScopeSpans scope(String name) {
        return ScopeSpans.newBuilder()
                .setScope(InstrumentationScope.newBuilder().setName(name))
                .build();
    }

    private static Span span(String name) {
        return Span.newBuilder()
                .setTraceId(ByteString.copyFromUtf8("0123456789abcdef"))
                .setSpanId(ByteString.copyFromUtf8("01234567"))
                .setName(name)
                .build();
    }
}
