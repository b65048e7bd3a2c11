package dev.weir.enrich.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is a SPIFFE id of a workload, and what Istio put into it. */
class SpiffeIdTest {

    @ParameterizedTest
    @CsvSource({
        "spiffe://cluster.local/ns/shop/sa/cart,            cluster.local,  shop, cart",
        "spiffe://td_1.example-x.org/ns/a/sa/Cart.v2_x-y,   td_1.example-x.org, a, Cart.v2_x-y",
        "spiffe://cluster.local/ns/shop/sa/cart/x,          cluster.local,  ,",
        "spiffe://cluster.local/ns/shop/pod/cart,           cluster.local,  ,",
        "spiffe://cluster.local/NS/shop/sa/cart,            cluster.local,  ,",
        "spiffe://prod/billing,                             prod,           ,",
        "spiffe://prod/a/.../b,                             prod,           ,"
    })
    void shouldRead(String uri, String trustDomain, String namespace, String serviceAccount) {
        assertThat(SpiffeId.parse(uri)).isEqualTo(new SpiffeId(uri, trustDomain, namespace, serviceAccount));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "spiffe:/",
                "spiffe://",
                "spiffe://cluster.local",
                "spiffe://cluster.local/",
                "spiffe:///ns/shop/sa/cart",
                "SPIFFE://cluster.local/ns/shop/sa/cart",
                "https://cluster.local/ns/shop/sa/cart",
                " spiffe://cluster.local/ns/shop/sa/cart",
                "spiffe://Cluster.local/ns/shop/sa/cart",
                "spiffe://cluster.local:443/ns/shop/sa/cart",
                "spiffe://user@cluster.local/ns/shop/sa/cart",
                "spiffe://cluster.local/ns/shop/sa/cart/",
                "spiffe://cluster.local/ns//sa/cart",
                "spiffe://cluster.local//ns/shop/sa/cart",
                "spiffe://cluster.local/ns/./sa/cart",
                "spiffe://cluster.local/ns/../sa/cart",
                "spiffe://cluster.local/ns/shop/sa/ca rt",
                "spiffe://cluster.local/ns/shop/sa/c%61rt",
                "spiffe://cluster.local/ns/shop/sa/cart?x",
                "spiffe://cluster.local/ns/shop/sa/cart#x",
                "spiffe://cluster.local/ns/shop/sa/cärt",
                "spiffe://cluster.local/ns/shop/sa/cart\n"
            })
    void shouldNotRead(String text) {
        assertThat(SpiffeId.parse(text)).isNull();
    }

    @Test
    void shouldBoundItsLength() {
        String start = "spiffe://prod/";

        assertThat(SpiffeId.parse(start + "a".repeat(2048 - start.length()))).isNotNull();
        assertThat(SpiffeId.parse(start + "a".repeat(2049 - start.length()))).isNull();
        assertThat(SpiffeId.parse("spiffe://" + "a".repeat(255) + "/b")).isNotNull();
        assertThat(SpiffeId.parse("spiffe://" + "a".repeat(256) + "/b")).isNull();
    }
}
