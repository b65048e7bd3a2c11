package dev.weir.enrich.envoy;

import static dev.weir.enrich.envoy.TranslatedSpan.client;
import static dev.weir.enrich.envoy.TranslatedSpan.server;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The row {@code upstream_cluster}. */
class ClusterNameTest {

    @Test
    void shouldTranslateOutbound() {
        assertThat(client().tag("upstream_cluster", "outbound|9080|v2|reviews.shop.svc.cluster.local")
                        .translate()
                        .added())
                .isEqualTo(Map.of(
                        "server.address", "reviews.shop.svc.cluster.local",
                        "server.port", 9080L,
                        "peer.service", "reviews.shop",
                        "mesh.destination.subset", "v2"));
    }

    @Test
    void shouldTranslateAGatewaysServerSpan() {
        assertThat(server().tag("upstream_cluster", "outbound|80||reviews.shop.svc.cluster.local")
                        .translate()
                        .get("server.address"))
                .isEqualTo("reviews.shop.svc.cluster.local");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "outbound|443||api.example.com api.example.com 443 -",
                "outbound_.80_.v1_.web.shop.svc.cluster.local web.shop 80 v1",
                "outbound_.80_._.web.shop.svc.cluster.local web.shop 80 -",
                "inbound-vip|8080|http|web.shop.svc.cluster.local web.shop 8080 -",
                "inbound-vip|8080|tcp|web.shop.svc web.shop 8080 -",
                "inbound-vip|8080|http/v3|web.shop.svc.cluster.local web.shop 8080 v3",
                "outbound|80||a.b.svcx a.b.svcx 80 -",
                "outbound|80||web web 80 -"
            })
    void shouldTranslateTheForms(String cluster, String service, long port, String subset) {
        TranslatedSpan span = client().tag("upstream_cluster", cluster).translate();

        assertThat(span.get("peer.service")).isEqualTo(service);
        assertThat(span.get("server.port")).isEqualTo(port);
        assertThat(span.get("mesh.destination.subset")).isEqualTo("-".equals(subset) ? null : subset);
    }

    @Test
    void shouldReadTheStatNameWithItsSemicolonWhereTheNameSaysNothing() {
        String stat = "outbound|80|v1|web.shop.svc.cluster.local;";

        assertThat(client().tag("upstream_cluster.name", stat).translate().get("server.address"))
                .isEqualTo("web.shop.svc.cluster.local");
        assertThat(client().tag("upstream_cluster.name", stat)
                        .tag("upstream_cluster", "outbound|80||other.shop.svc.cluster.local")
                        .translate()
                        .added())
                .isEqualTo(Map.of(
                        "server.address", "other.shop.svc.cluster.local",
                        "server.port", 80L,
                        "peer.service", "other.shop"));
    }

    @ParameterizedTest
    @CsvSource({
        "PassthroughCluster,mesh.passthrough",
        "InboundPassthroughCluster,mesh.passthrough",
        "AllowAnyDynamicDNSCluster,mesh.passthrough",
        "PassthroughCluster;,mesh.passthrough",
        "BlackHoleCluster,mesh.blackhole"
    })
    void shouldFlagPassthroughAndBlackHole(String cluster, String flag) {
        assertThat(client().tag("upstream_cluster", cluster).translate().added())
                .isEqualTo(Map.of(flag, true));
    }

    @Test
    void shouldNotNameAHostThatIsAWildcard() {
        assertThat(client().tag("upstream_cluster", "outbound|443||*.wikipedia.org")
                        .translate()
                        .added())
                .isEqualTo(Map.of("server.port", 443L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inbound|8080||",
                "inbound|8080||;",
                "xds-grpc",
                "outbound",
                "outbound|",
                "outbound||||",
                "outbound|80|v1",
                "outbound|80||",
                "outbound|x||web",
                "outbound|0||web",
                "outbound|65536||web",
                "outbound|80||web|more",
                "outbound|80||a b",
                "outbound|80|\u0000|web",
                "outbound|80||\u00e4.shop",
                "outbound_.80_.v1",
                "outbound_.80",
                "outbound_.",
                "outbound_._._.",
                "inbound-vip|80|quic|web",
                "inbound-vip|80|http/|web",
                "inbound-vip|80||web",
                ";",
                "-",
                ""
            })
    void shouldWriteNothingOfOthers(String cluster) {
        assertThat(client().tag("upstream_cluster", cluster).translate().added())
                .isEmpty();
    }

    @Test
    void shouldWriteNothingOfAHostThatIsTooLong() {
        assertThat(client().tag("upstream_cluster", "outbound|80||" + "a".repeat(254))
                        .translate()
                        .added())
                .isEmpty();
    }
}
