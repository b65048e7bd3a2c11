package dev.weir.enrich.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tag {@code node_id} of Istio's proxies. */
class NodeIdTest {

    @ParameterizedTest
    @CsvSource({
        "sidecar~10.42.0.7~cart-5d8f-x2k.shop~shop.svc.cluster.local,        sidecar,  10.42.0.7, cart-5d8f-x2k, shop",
        "router~10.42.0.8~ingress-0.istio-system~istio-system.svc.cluster.local, router, 10.42.0.8, ingress-0, istio-system",
        "waypoint~fd00:10::1~waypoint-7.shop~shop.svc.cluster.local,         waypoint, fd00:10::1, waypoint-7, shop",
        "sidecar~10.42.0.7~my.dotted.pod.shop~shop.svc.cluster.local,        sidecar,  10.42.0.7, my.dotted.pod, shop"
    })
    void shouldSplitPodAndNamespaceAtTheLastDot(String text, String type, String ip, String pod, String namespace) {
        assertThat(parse(text)).isEqualTo(new NodeId(type, ip, pod, namespace));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "~~~",
                "sidecar",
                "sidecar~10.42.0.7~cart.shop",
                "sidecar~10.42.0.7~cart.shop~",
                "sidecar~10.42.0.7~cart.shop~shop.svc~x",
                "ztunnel~10.42.0.7~cart.shop~shop.svc",
                "Sidecar~10.42.0.7~cart.shop~shop.svc",
                "sidecar~~cart.shop~shop.svc",
                "sidecar~cart~cart.shop~shop.svc",
                "sidecar~..~cart.shop~d",
                "sidecar~::::~cart.shop~d",
                "sidecar~10.42.0.256~cart.shop~d",
                "sidecar~10.42.0~cart.shop~d",
                "sidecar~1:2~cart.shop~d",
                "sidecar~cafe~cart.shop~shop.svc",
                "sidecar~10.42.0.7 ~cart.shop~shop.svc",
                "sidecar~10.42.0.7~cart~shop.svc",
                "sidecar~10.42.0.7~.shop~shop.svc",
                "sidecar~10.42.0.7~cart.~shop.svc",
                "sidecar~10.42.0.7~..~shop.svc",
                "sidecar~10.42.0.7~cart|x.shop~shop.svc",
                "sidecar~10.42.0.7~Cart.shop~shop.svc",
                "sidecar~10.42.0.7~cart.shöp~shop.svc"
            })
    void shouldNotRead(String text) {
        assertThat(parse(text)).isNull();
    }

    @Test
    void shouldReadOnlyItsPart() {
        byte[] bytes = "x~sidecar~10.42.0.7~cart.shop~shop.svc~x".getBytes(UTF_8);

        assertThat(NodeId.parse(bytes, 2, bytes.length - 2))
                .isEqualTo(new NodeId("sidecar", "10.42.0.7", "cart", "shop"));
        assertThat(NodeId.parse(bytes, 2, 2)).isNull();
    }

    @Test
    void shouldBoundItsLengths() {
        String pod = "a".repeat(253);
        String namespace = "b".repeat(63);

        assertThat(parse("sidecar~10.42.0.7~" + pod + "." + namespace + "~d")).isNotNull();
        assertThat(parse("sidecar~10.42.0.7~" + pod + "a." + namespace + "~d")).isNull();
        assertThat(parse("sidecar~10.42.0.7~" + pod + "." + namespace + "b~d")).isNull();
        assertThat(parse("sidecar~10.42.0.7~cart.shop~" + "d".repeat(1024))).isNull();
        assertThat(parse("sidecar~" + "1".repeat(44) + "..~cart.shop~d")).isNull();
    }

    private static NodeId parse(String text) {
        byte[] utf8 = text.getBytes(UTF_8);
        return NodeId.parse(utf8, 0, utf8.length);
    }
}
