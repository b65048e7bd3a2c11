package dev.weir.enrich;

import static dev.weir.enrich.MeshSpans.resource;
import static dev.weir.enrich.MeshSpans.resourceOf;
import static dev.weir.enrich.MeshSpans.sdk;
import static dev.weir.enrich.MeshSpans.span;
import static dev.weir.enrich.MeshSpans.spanOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands twice where it should stand once: parsers put such messages together, so nothing may hide in the first. */
class RepeatedFieldsTest {

    private static final AnyValue SECRET =
            AnyValue.newBuilder().setStringValue("https://shop/pay?token=abc").build();

    @Test
    void shouldWriteAResourceThatCameInPiecesAsOne() throws Exception {
        EnrichFixture fixture = EnrichFixture.of("attributes.resource.set.team", "blue");

        Payload passed = fixture.send(
                Signal.TRACES,
                pieces(
                        resource("mesh.mode", "forged", "team", "red", "first", "1")
                                .build(),
                        resource("second", "2").build()));

        assertThat(passed).isNotNull();
        ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(passed.bytes());
        assertThat(resourceOf(request))
                .containsOnlyKeys("first", "second", "team")
                .containsEntry("team", "blue");
        assertThat(new String(passed.bytes(), StandardCharsets.UTF_8)).doesNotContain("red", "forged");
    }

    @Test
    void shouldFindThePodThatTheFirstPieceNames() throws Exception {
        EnrichFixture fixture = EnrichFixture.istio().from("spiffe://cluster.local/ns/shop/sa/cart");

        Payload passed = fixture.send(
                Signal.TRACES,
                pieces(
                        resource("k8s.namespace.name", "bank").build(),
                        resource("service.name", "cart").build()));

        assertThat(passed).isNotNull();
        assertThat(resourceOf(ExportTraceServiceRequest.parseFrom(passed.bytes())))
                .containsEntry("mesh.identity.mismatch", "true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "https://shop/"})
    void shouldTakeOutAUrlWhoseSecondValueHidesTheFirst(String second) {
        AnyValue hiding = second.isEmpty()
                ? AnyValue.getDefaultInstance()
                : AnyValue.newBuilder().setStringValue(second).build();
        KeyValue.Builder url = KeyValue.newBuilder().setKey("url.full").setValue(SECRET);
        url.setUnknownFields(UnknownFieldSet.newBuilder()
                .addField(
                        2,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(hiding.toByteString())
                                .build())
                .build());

        ExportTraceServiceRequest passed = EnrichFixture.of()
                .traces(sdk(
                        resource(),
                        span("a", "b").toBuilder().addAttributes(url).build()));

        assertThat(spanOf(passed)).containsOnlyKeys("a");
    }

    @Test
    void shouldReadAValueThatAnEmptyOneFollows() {
        KeyValue.Builder url = KeyValue.newBuilder().setKey("url.path").setValue(SECRET);
        url.setUnknownFields(UnknownFieldSet.newBuilder()
                .addField(
                        2,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.EMPTY)
                                .build())
                .build());

        ExportTraceServiceRequest passed = EnrichFixture.of("redact.hash", "url.path")
                .traces(sdk(resource(), span().toBuilder().addAttributes(url).build()));

        assertThat(passed.toByteString().toStringUtf8()).doesNotContain("token=abc");
        assertThat(spanOf(passed)).containsKey("url.path");
    }

    /** A request whose Resource comes in these pieces. */
    private static byte[] pieces(Resource first, Resource second) {
        ResourceSpans spans = sdk(first.toBuilder(), span("http.route", "/")).getResourceSpans(0);
        ByteString body = spans.toByteString()
                .concat(ResourceSpans.newBuilder().setResource(second).build().toByteString());
        return UnknownFieldSet.newBuilder()
                .addField(
                        1,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(body)
                                .build())
                .build()
                .toByteArray();
    }
}
