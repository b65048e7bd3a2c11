package dev.weir.enrich.identity;

import static dev.weir.enrich.identity.ForwardedClientCertTest.ADMIN;
import static dev.weir.enrich.identity.ForwardedClientCertTest.CART;
import static dev.weir.enrich.identity.ForwardedClientCertTest.FORGED;
import static dev.weir.enrich.identity.ForwardedClientCertTest.HASH;
import static dev.weir.enrich.identity.ForwardedClientCertTest.WEIR;

import java.util.Random;

/** {@code x-forwarded-client-cert} at random: what Envoy may append, and what somebody may have put before it. */
final class ForwardedHeaders {

    private static final String[] PIECES = {
        "\"",
        "\\",
        "\\\"",
        "\\\\",
        ",",
        ";",
        "=",
        "=\"",
        "\";",
        "\",",
        ",By=",
        ";URI=",
        "By=" + WEIR,
        "URI=" + ADMIN,
        FORGED,
        FORGED + ",",
        ";Subject=\"",
        "Subject=\"CN=a\\\"b\";",
        "a",
        " ",
        "\t",
        "\0",
        "\ufffd",
        "\ud800",
        "é"
    };

    private static final String[] SUBJECT = {
        "CN=cart", "O=", "a", " ", "\\,", "\\;", "\\\"", "\\\\", "\\+", "=", ",", ";"
    };

    private final Random random;

    ForwardedHeaders(Random random) {
        this.random = random;
    }

    /** Well formed, by us, of the cart: keys in the order in which Envoy writes them, each but By and URI there or not. */
    String element() {
        StringBuilder element = new StringBuilder("By=" + WEIR);
        element.append(random.nextBoolean() ? ";Hash=" + HASH : "");
        element.append(random.nextInt(4) == 0 ? ";Cert=\"-----BEGIN%20CERTIFICATE-----%0AMII\"" : "");
        element.append(random.nextInt(4) == 0 ? ";Chain=\"-----BEGIN%20CERTIFICATE-----%0AMII\"" : "");
        if (random.nextInt(4) != 0) {
            element.append(";Subject=\"");
            for (int i = random.nextInt(5); i > 0; i--) {
                element.append(SUBJECT[random.nextInt(SUBJECT.length)]);
            }
            element.append('"');
        }
        element.append(";URI=" + CART);
        element.append(random.nextInt(4) == 0 ? ";DNS=cart.shop.svc" : "");
        return element.toString();
    }

    /** Anything. */
    String prefix() {
        StringBuilder prefix = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            prefix.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return prefix.toString();
    }
}
