package dev.weir.enrich.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is an address, beside Netty's opinion. */
class IpAddressTest {

    private static final String[] PIECES = {
        "0", "1", "a", "F", "12", "255", "256", "ffff", "12345", ":", ":", ":", "::", ".", "10.0.0.1", "g", "1:2:3:4:5"
    };

    /** A zero in front is allowed by Netty. */
    private static final Pattern OCTAL = Pattern.compile("(^|[.:])0\\d+\\.|\\.0\\d+($|\\.)");

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "10.42.0.7", "255.255.255.255"})
    void shouldTakeIpv4(String text) {
        assertThat(isV4(text)).isTrue();
        assertThat(isV6(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "::",
                "::1",
                "1::",
                "fd00:10::1",
                "1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7::",
                "::ffff:10.0.0.1",
                "1:2:3:4:5:6:10.0.0.1",
                "FD00::aBcD"
            })
    void shouldTakeIpv6(String text) {
        assertThat(isV6(text)).isTrue();
        assertThat(isV4(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                ":",
                ":::",
                "...",
                "1.2.3",
                "1.2.3.",
                "1.2.3.4.",
                "1.2.3.4.5",
                "1.2.3.256",
                "01.2.3.4",
                "1.2.3.1234",
                "a.b.c.d",
                ":1",
                "1:",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1::2::3",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "12345::",
                "::10.0.0",
                "10.0.0.1::",
                "fe80::1%eth0",
                "[::1]",
                "dead.beef",
                "::1.2.3.4:5"
            })
    void shouldTakeNothingElse(String text) {
        assertThat(isV4(text)).isFalse();
        assertThat(isV6(text)).isFalse();
    }

    @Test
    void shouldAgreeWithNettyAboutWhateverIsPutTogether() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        int valid = 0;
        for (int i = 0; i < 200_000; i++) {
            StringBuilder built = new StringBuilder();
            for (int n = random.nextInt(1, 10); n > 0; n--) {
                built.append(PIECES[random.nextInt(PIECES.length)]);
            }
            String text = built.toString();
            if (OCTAL.matcher(text).find()) {
                continue;
            }
            assertThat(isV4(text)).as("%s of seed %d", text, seed).isEqualTo(NetUtil.isValidIpV4Address(text));
            if (text.indexOf('.') < 0) { // Netty takes an IPv4 address only behind ::ffff: or ::
                assertThat(isV6(text)).as("%s of seed %d", text, seed).isEqualTo(NetUtil.isValidIpV6Address(text));
            }
            valid += isV6(text) ? 1 : 0;
        }
        assertThat(valid).isGreaterThan(100);
    }

    private static boolean isV4(String text) {
        byte[] bytes = ("1" + text + "1").getBytes(US_ASCII);
        return IpAddress.isV4(bytes, 1, bytes.length - 1);
    }

    private static boolean isV6(String text) {
        byte[] bytes = ("1" + text + "1").getBytes(US_ASCII);
        return IpAddress.isV6(bytes, 1, bytes.length - 1);
    }
}
