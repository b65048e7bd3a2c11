package dev.weir.enrich.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One row for each thing that {@code x-forwarded-client-cert} may hold, and what it proves. */
class ForwardedClientCertTest {

    static final String WEIR = "spiffe://cluster.local/ns/observability/sa/weir";
    static final String WAYPOINT = "spiffe://cluster.local/ns/observability/sa/waypoint";
    static final String CART = "spiffe://cluster.local/ns/shop/sa/cart";
    static final String ADMIN = "spiffe://cluster.local/ns/kube-system/sa/admin";
    static final String HASH = "468ed33be74eee6556d90c0149c1309e9ba61d6425303443c0748a02dd8de688";

    /** As a sidecar of Istio writes it. */
    static final String OURS = "By=" + WEIR + ";Hash=" + HASH + ";Subject=\"\";URI=" + CART;
    /** As somebody would like to be seen. */
    static final String FORGED = "By=" + WEIR + ";Hash=" + HASH + ";Subject=\"\";URI=" + ADMIN;

    private final ForwardedClientCert reader = new ForwardedClientCert(Set.of(WEIR, WAYPOINT));

    @ParameterizedTest(name = "{0}")
    @MethodSource("believed")
    void shouldVerify(String proves, String header) {
        Caller caller = reader.read(header);

        assertThat(caller.outcome()).isEqualTo(Outcome.VERIFIED);
        assertThat(caller.verified()).isEqualTo(new SpiffeId(CART, "cluster.local", "shop", "cart"));
        assertThat(caller.relay()).isFalse();
    }

    static Stream<Arguments> believed() {
        return Stream.of(
                row("an element of our own sidecar", OURS),
                row("an element of a listed waypoint, which writes no hash", "By=" + WAYPOINT + ";URI=" + CART),
                row("keys in any case and any order", "uri=" + CART + ";BY=" + WEIR),
                row("the last element, whatever the sender put before it", FORGED + "," + OURS),
                row("the last of two lines, joined by the door", FORGED + "," + FORGED + "," + OURS),
                row("the last of a thousand", (FORGED + ",").repeat(999) + OURS),
                row("empty elements before", ",,," + OURS),
                row("what is no pair, before", "hello," + OURS),
                row("a subject with escaped quotes, commas and semicolons", subject("O=A\\, \\\"B\\\"\\; C,CN=x")),
                row("a subject that holds an element", subject("CN=\\\"\\,By=x\\;URI=" + ADMIN)),
                row("a subject that ends in an escaped backslash", subject("CN=a\\\\")),
                row("a subject with commas that nobody escaped", subject("O=Shop,CN=cart")),
                row(
                        "certificate and chain",
                        "By=" + WEIR + ";Hash=" + HASH
                                + ";Cert=\"-----BEGIN%20CERTIFICATE-----%0A\";Chain=\"-----BEGIN%20\";Subject=\"CN=a\";URI="
                                + CART),
                row("DNS names after the URI", OURS + ";DNS=cart.shop;DNS=cart.shop.svc.cluster.local"),
                row("keys that are still to come", OURS + ";Serial=17"),
                row("values in quotes", "By=\"" + WEIR + "\";URI=\"" + CART + "\""));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("refused")
    void shouldRefuse(String proves, Outcome outcome, String header) {
        assertThat(reader.read(header)).isEqualTo(new Caller(null, false, outcome));
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                row("an open quote that swallows our element", Outcome.UNBALANCED, FORGED + ";Subject=\"" + "," + OURS),
                row(
                        "an open quote where our element has none",
                        Outcome.UNBALANCED,
                        FORGED + ";Subject=\",By=" + WEIR + ";URI=" + CART),
                row("an open quote and one more to make them even", Outcome.UNBALANCED, "Subject=\"\"\"," + OURS),
                row("an open quote that ends in an escaped one", Outcome.UNBALANCED, "Subject=\"a\\\"," + OURS),
                row(
                        "an open quote that ends in a backslash, to escape our comma",
                        Outcome.UNBALANCED,
                        "Subject=\"a\\," + OURS),
                row(
                        "an open quote that our own closes, before a certificate",
                        Outcome.UNBALANCED,
                        "a=\",By=" + WEIR + ";Cert=\"x\";Subject=\"\";URI=" + CART),
                row("a quote within a value", Outcome.UNBALANCED, "a=b\"c\"," + OURS),
                row("a quote where no value begins", Outcome.UNBALANCED, "\"\"," + OURS),
                row("something behind a closing quote", Outcome.UNBALANCED, "a=\"b\"c," + OURS),
                row("a backslash outside of quotes, to escape our comma", Outcome.MALFORMED, "a=b\\," + OURS),
                row("a backslash outside of quotes, to hide a quote", Outcome.MALFORMED, "a=\\\"," + OURS),
                row("our element, cut short within its subject", Outcome.UNBALANCED, "By=" + WEIR + ";Subject=\"CN=a"),
                row("nothing", Outcome.MALFORMED, ""),
                row("nothing behind a comma", Outcome.MALFORMED, OURS + ","),
                row("an empty pair", Outcome.MALFORMED, OURS + ";"),
                row("a pair without its value", Outcome.MALFORMED, OURS + ";DNS"),
                row("a key that is none", Outcome.MALFORMED, OURS + "; URI =x"),
                row("a space before a key", Outcome.MALFORMED, FORGED + ", " + OURS),
                row("two receivers", Outcome.AMBIGUOUS, "By=" + WEIR + ";" + OURS),
                row("two senders", Outcome.AMBIGUOUS, OURS + ";URI=" + ADMIN),
                row("two senders, one in another case", Outcome.AMBIGUOUS, "uri=" + ADMIN + ";" + OURS),
                row("somebody else's sidecar", Outcome.NOT_FOR_US, OURS.replace(WEIR, CART)),
                row("a receiver that only begins like us", Outcome.NOT_FOR_US, OURS.replace(WEIR, WEIR + "2")),
                row("a receiver in other letters", Outcome.NOT_FOR_US, OURS.replace("/weir", "/Weir")),
                row("no receiver", Outcome.NOT_FOR_US, "Hash=" + HASH + ";URI=" + CART),
                row("our element, and behind it another", Outcome.NOT_FOR_US, OURS + ",By=" + CART + ";URI=" + ADMIN),
                row("no sender", Outcome.NO_IDENTITY, "By=" + WEIR + ";Hash=" + HASH + ";Subject=\"CN=a\""),
                row("an empty sender", Outcome.NO_IDENTITY, "By=" + WEIR + ";URI="),
                row("a sender of another scheme", Outcome.NO_IDENTITY, "By=" + WEIR + ";URI=http://cart.shop"),
                row("a sender with a space", Outcome.NO_IDENTITY, "By=" + WEIR + ";URI=" + CART + " "),
                row("a sender that is not ASCII", Outcome.NO_IDENTITY, "By=" + WEIR + ";URI=" + CART + "\ufffd"));
    }

    @Test
    void shouldReadTheElementFromTheRight() {
        String swallowed = "Subject=\"," + "By=" + WEIR + ";URI=" + CART;

        assertThat(ForwardedClientCert.lastElement(swallowed)).isEqualTo("Subject=\",".length());
    }

    private static String subject(String subject) {
        return "By=" + WEIR + ";Hash=" + HASH + ";Subject=\"" + subject + "\";URI=" + CART;
    }

    private static Arguments row(Object... row) {
        return Arguments.of(row);
    }
}
