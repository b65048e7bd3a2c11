package dev.weir.enrich.identity;

import static dev.weir.enrich.identity.ForwardedClientCertTest.CART;
import static dev.weir.enrich.identity.ForwardedClientCertTest.WEIR;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;

/** Whatever a sender writes, it is itself or nobody. */
class ForwardedClientCertPropertyTest {

    private final ForwardedClientCert reader = new ForwardedClientCert(Set.of(WEIR));

    @Property
    void shouldNeverThrow(@ForAll @StringLength(max = 200) String header) {
        assertThat(reader.read(header).outcome()).isNotNull();
    }

    @Property(tries = 20_000)
    void shouldTakeNobodyButOurElementsSender(@ForAll long seed) {
        // Given
        ForwardedHeaders headers = new ForwardedHeaders(new Random(seed));
        String prefix = headers.prefix();
        String element = headers.element();
        String header = prefix.isEmpty() ? element : prefix + "," + element;

        // When
        Caller caller = reader.read(header);

        // Then
        assertThat(header.substring(ForwardedClientCert.lastElement(header))).isEqualTo(element);
        if (caller.verified() == null) {
            assertThat(caller.outcome()).isIn(Outcome.UNBALANCED, Outcome.MALFORMED);
            assertThat(prefix).containsAnyOf("\"", "\\");
        } else {
            assertThat(caller.verified().uri()).isEqualTo(CART);
            assertThat(elementsFromTheLeft(header)).last().isEqualTo(element);
        }
    }

    @Property(tries = 2_000)
    void shouldTakeTheElementAfterAnyNumberOfSoundOnes(@ForAll long seed) {
        Random random = new Random(seed);
        ForwardedHeaders headers = new ForwardedHeaders(random);
        List<String> elements = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            elements.add(headers.element());
        }

        Caller caller = reader.read(String.join(",", elements));

        assertThat(caller.outcome()).isEqualTo(Outcome.VERIFIED);
        assertThat(elementsFromTheLeft(String.join(",", elements))).isEqualTo(elements);
    }

    /** As one would read it who trusts what stands there. */
    private static List<String> elementsFromTheLeft(String header) {
        List<String> elements = new ArrayList<>();
        StringBuilder element = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < header.length(); i++) {
            char c = header.charAt(i);
            if (c == ',' && !quoted) {
                elements.add(element.toString());
                element.setLength(0);
                continue;
            }
            element.append(c);
            if (c == '\\' && i + 1 < header.length()) {
                element.append(header.charAt(++i));
            } else if (c == '"') {
                quoted = !quoted;
            }
        }
        elements.add(element.toString());
        return elements;
    }
}
