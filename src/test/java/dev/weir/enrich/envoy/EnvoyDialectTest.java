package dev.weir.enrich.envoy;

import static dev.weir.enrich.envoy.TranslatedSpan.client;
import static dev.weir.enrich.envoy.TranslatedSpan.server;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A test for each row of the table, where its tag stands alone. */
class EnvoyDialectTest {

    @Test
    void shouldTranslateHttpUrlMethodProtocolUserAgent() {
        TranslatedSpan span = server().tag("http.url", "http://shop/cart?a=ü")
                .tag("http.method", "POST")
                .tag("http.protocol", "HTTP/1.1")
                .tag("user_agent", "curl/8")
                .translate();

        assertThat(span.added())
                .isEqualTo(Map.of(
                        "url.full", "http://shop/cart?a=ü",
                        "http.request.method", "POST",
                        "network.protocol.name", "http",
                        "network.protocol.version", "1.1",
                        "user_agent.original", "curl/8"));
    }

    @ParameterizedTest
    @CsvSource({"HTTP/1.0,1.0", "HTTP/1.1,1.1", "HTTP/2,2", "HTTP/2.0,2", "HTTP/3,3"})
    void shouldTranslateHttpProtocol(String protocol, String version) {
        assertThat(server().tag("http.protocol", protocol).translate().added())
                .isEqualTo(Map.of("network.protocol.name", "http", "network.protocol.version", version));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "", "HTTP", "HTTP/", "HTTP/x", "HTTP/11", "HTTP/1.", "http/1.1", "HTTP/1.1 "})
    void shouldNotTranslateAnotherHttpProtocol(String protocol) {
        assertThat(server().tag("http.protocol", protocol).translate().added()).isEmpty();
    }

    @Test
    void shouldCallAnUnknownHttpMethodOther() {
        assertThat(server().tag("http.method", "get").translate().added())
                .isEqualTo(Map.of("http.request.method", "_OTHER", "http.request.method_original", "get"));
    }

    @Test
    void shouldTranslateHttpStatusCode() {
        assertThat(server().tag("http.status_code", "204").translate().added())
                .isEqualTo(Map.of("http.response.status_code", 204L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "99", "600", "-1", "2e2", "200 ", "00200", "99999999999999999999", "OK"})
    void shouldNotTranslateAnotherHttpStatusCode(String code) {
        TranslatedSpan span = client().tag("http.status_code", code).translate();

        assertThat(span.added()).isEmpty();
        assertThat(span.after().hasStatus()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"9,sampled", "a,forced", "b,client"})
    void shouldTranslateTheDigitOfTheRequestIdToTheSamplingReason(String digit, String reason) {
        assertThat(server().tag("guid:x-request-id", "b9beac67-2b03-" + digit + "8ff-9a1c-6f5bd4ba5f1a")
                        .translate()
                        .added())
                .isEqualTo(Map.of("mesh.sampling.reason", reason));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "b9beac67-2b03-48ff-9a1c-6f5bd4ba5f1a",
                "b9beac67-2b03-98ff-9a1c-6f5bd4ba5f1a0",
                "b9beac67-2b03-98ff",
                "b9beac6702b03098ff09a1c06f5bd4ba5f1a",
                "aaaaaaaaaaaaaaaaaaaa",
                "-",
                ""
            })
    void shouldNotReadAReasonFromAnotherRequestId(String id) {
        assertThat(server().tag("guid:x-request-id", id).translate().added()).isEmpty();
    }

    @Test
    void shouldTranslateSizesToIntegers() {
        assertThat(server().tag("request_size", "0")
                        .tag("response_size", "123456789012")
                        .translate()
                        .added())
                .isEqualTo(Map.of("http.request.body.size", 0L, "http.response.body.size", 123456789012L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "-1", "1.5", "0x10", "1234567890123456789", " 1", "١"})
    void shouldNotTranslateASizeThatIsNoNumber(String size) {
        assertThat(server().tag("request_size", size).translate().added()).isEmpty();
    }

    @Test
    void shouldTranslateGrpcPathAndStatusCode() {
        assertThat(server().tag("grpc.path", "/shop.v1.Cart/Add")
                        .tag("grpc.status_code", "14")
                        .translate()
                        .added())
                .isEqualTo(Map.of(
                        "rpc.method", "shop.v1.Cart/Add",
                        "rpc.system.name", "grpc",
                        "rpc.response.status_code", "UNAVAILABLE",
                        "error.type", "UNAVAILABLE"));
    }

    @ParameterizedTest
    @CsvSource({"0,OK", "1,CANCELLED", "5,NOT_FOUND", "16,UNAUTHENTICATED"})
    void shouldNameTheGrpcStatusCode(String code, String name) {
        assertThat(server().tag("grpc.status_code", code).translate().added())
                .isEqualTo(Map.of("rpc.response.status_code", name, "rpc.system.name", "grpc"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "-1", "UNAVAILABLE", "", "-", "099"})
    void shouldNotNameAnotherGrpcStatusCode(String code) {
        assertThat(server().tag("grpc.status_code", code).translate().added()).isEmpty();
    }

    @Test
    void shouldNotTakeAQueryForPartOfTheMethod() {
        assertThat(server().tag("grpc.path", "/pkg.S/M?token=secret")
                        .translate()
                        .added())
                .isEqualTo(Map.of("rpc.method", "pkg.S/M", "rpc.system.name", "grpc"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "//", "/a", "/a/", "a/b", "", "-", "?/a/b", "/a?/b"})
    void shouldNotTranslateAnotherGrpcPath(String path) {
        assertThat(server().tag("grpc.path", path).translate().added()).isEmpty();
    }

    @Test
    void shouldTranslateZoneAndClusterId() {
        assertThat(server().tag("zone", "eu-west-1a")
                        .tag("istio.cluster_id", "Kubernetes")
                        .translate()
                        .added())
                .isEqualTo(Map.of("cloud.availability_zone", "eu-west-1a", "k8s.cluster.name", "Kubernetes"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "latest", "default", "-", ""})
    void shouldTakeWhatStandsForUnsetForNoClusterId(String id) {
        assertThat(server().tag("istio.cluster_id", id).translate().added()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"zone", "user_agent", "http.url", "http.method"})
    void shouldLeaveOutDashAndEmpty(String tag) {
        assertThat(server().tag(tag, "").translate().added()).isEmpty();
        assertThat(server().tag(tag, "-").translate().added()).isEmpty();
    }

    @Test
    void shouldNotTranslateWhatIsOverLong() {
        assertThat(server().tag("http.url", "x".repeat(Translation.LONGEST + 1))
                        .translate()
                        .added())
                .isEmpty();
        assertThat(server().tag("http.url", "x".repeat(Translation.LONGEST))
                        .translate()
                        .added())
                .hasSize(1);
    }

    @Test
    void shouldNotTranslateATagThatIsNoText() {
        assertThat(server().tag(
                                "http.status_code",
                                AnyValue.newBuilder().setIntValue(200).build())
                        .translate()
                        .added())
                .isEmpty();
    }

    @Test
    void shouldNotWriteWhatTheSpanHasAlready() {
        TranslatedSpan span = server().tag("http.method", "GET")
                .tag("http.request.method", "custom")
                .translate();

        assertThat(span.get("http.request.method")).isEqualTo("custom");
        assertThat(span.added()).isEmpty();
    }

    @Test
    void shouldWriteAnewWhatIsStripped() {
        TranslatedSpan.Builder claimed =
                server().tag("upstream_cluster", "outbound|80|v2|shop.svc").tag("mesh.destination.subset", "claimed");

        assertThat(claimed.translate().get("mesh.destination.subset")).isEqualTo("claimed");
        assertThat(TranslatedSpan.apply(strippingTranslation(), STRIPPING_KEYS, List.of(claimed.span()))
                        .getFirst()
                        .getAttributesList())
                .anySatisfy(attribute -> {
                    assertThat(attribute.getKey()).isEqualTo("mesh.destination.subset");
                    assertThat(attribute.getValue().getStringValue()).isEqualTo("v2");
                });
    }

    private static final EnvoyDialect STRIPPING = new EnvoyDialect(false, false);
    private static final dev.weir.otlp.AttributeKeys STRIPPING_KEYS = new dev.weir.otlp.AttributeKeys(STRIPPING.keys());

    private static Translation strippingTranslation() {
        Translation translation = STRIPPING.translation(STRIPPING_KEYS);
        translation.meshStripped(true);
        return translation;
    }

    @ParameterizedTest
    @CsvSource({"envoy,true", "envoy2,false", "env,false", "'',false"})
    void shouldKnowEnvoysScopeByItsName(String name, boolean isEnvoy) {
        byte[] scope = InstrumentationScope.newBuilder()
                .setName(name)
                .setVersion("1d1b1f1e/1.38.0/Clean/RELEASE/BoringSSL")
                .build()
                .toByteArray();

        assertThat(EnvoyDialect.isEnvoyScope(scope, 0, scope.length)).isEqualTo(isEnvoy);
    }

    @ParameterizedTest
    @CsvSource({
        "SPAN_KIND_CLIENT,router outbound|80||shop.svc; egress,true",
        "SPAN_KIND_SERVER,router outbound|80||shop.svc; egress,false",
        "SPAN_KIND_CLIENT,shop.svc:80/*,false",
        "SPAN_KIND_CLIENT,router egress,false",
        "SPAN_KIND_CLIENT,'',false"
    })
    void shouldKnowAGatewaysAttempts(Span.SpanKind kind, String name, boolean isAttempt) {
        byte[] span = Span.newBuilder().setKind(kind).setName(name).build().toByteArray();

        assertThat(EnvoyDialect.isAttempt(span, new dev.weir.otlp.SpanView().read(span, 0, span.length)))
                .isEqualTo(isAttempt);
    }
}
