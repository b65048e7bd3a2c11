package dev.weir.enrich.envoy;

import static dev.weir.enrich.envoy.TranslatedSpan.client;
import static dev.weir.enrich.envoy.TranslatedSpan.server;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The row {@code peer.address}. */
class PeerAddressTest {

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3:4567,10.1.2.3,4567",
        "[fd00::1]:80,fd00::1,80",
        "[::ffff:10.0.0.1]:65535,::ffff:10.0.0.1,65535"
    })
    void shouldTranslatePeerAddressOfAServerSpan(String peer, String address, long port) {
        assertThat(server().tag("peer.address", peer).translate().added())
                .isEqualTo(Map.of("network.peer.address", address, "network.peer.port", port));
    }

    @ParameterizedTest
    @CsvSource({"10.1.2.3,10.1.2.3", "fd00::1,fd00::1", "[fd00::1],fd00::1", "10.1.2.3:0,10.1.2.3"})
    void shouldTranslatePeerAddressWithoutAPort(String peer, String address) {
        assertThat(server().tag("peer.address", peer).translate().added())
                .isEqualTo(Map.of("network.peer.address", address));
    }

    @Test
    void shouldTranslatePeerAddressOfAnUpstreamSpan() {
        assertThat(client().tag("upstream_address", "10.1.2.3:80")
                        .tag("peer.address", "10.1.2.3:80")
                        .translate()
                        .added())
                .isEqualTo(Map.of("network.peer.address", "10.1.2.3", "network.peer.port", 80L));
    }

    @Test
    void shouldNotTakeTheApplicationBehindASidecarForThePeerOfItsClientSpan() {
        TranslatedSpan span =
                client().tag("peer.address", "10.1.2.3").semconvOnly().translate();

        assertThat(span.added()).isEmpty();
        assertThat(span.removed()).isEmpty();
    }

    @Test
    void shouldWriteNoPeerWhereItIsRedacted() {
        TranslatedSpan span = server().tag("peer.address", "10.1.2.3:1")
                .dropPeerAddress()
                .semconvOnly()
                .translate();

        assertThat(span.added()).isEmpty();
        assertThat(span.removed()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-",
                "",
                ":",
                "[",
                "[]",
                "[]:80",
                "[fd00::1]80",
                "[fd00::1]:",
                "[10.0.0.1]:80",
                "10.0.0.1:",
                "10.0.0.1:65536",
                "10.0.0.1:x",
                "10.0.0:80",
                "10.0.0.256:80",
                "10.0.0.1.2:80",
                "/var/run/x.sock",
                "@abstract",
                "envoy://internal_client_address/",
                "web:80",
                "f:",
                ":::",
                "1:2:3",
                "[1::2::3]:80",
                "[::.]:80",
                "12345::1"
            })
    void shouldNotTranslateWhatIsNoAddress(String peer) {
        assertThat(server().tag("peer.address", peer).translate().added()).isEmpty();
    }
}
