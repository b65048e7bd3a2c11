package dev.weir.enrich.identity;

import static dev.weir.enrich.identity.ForwardedClientCertTest.CART;
import static dev.weir.enrich.identity.ForwardedClientCertTest.WEIR;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.Sender;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Headers and node ids at random and mutated: never an exception, and never an identity that the mesh did not write. Runs for
 * {@code -Dweir.fuzz.seconds} (1 by default, each test); a finding is repeated with {@code -Dweir.fuzz.seed}.
 */
class IdentityFuzzTest {

    private static final int AT_LEAST_INPUTS = 2_000;
    private static final String MARKS = "\"\\,;=~.:/|-_ \t\0aByURI7";
    private static final String OF_LINKERD = "cart.shop.serviceaccount.identity.linkerd.cluster.local";
    private static final String NODE = "sidecar~10.42.0.7~cart-5d8f-x2k.shop~shop.svc.cluster.local";

    private final Callers istio = new Callers(new Trust(Trust.Mesh.ISTIO, WEIR, Set.of(), Set.of()));
    private final Callers linkerd = new Callers(new Trust(Trust.Mesh.LINKERD, null, Set.of(), Set.of()));

    @Test
    void shouldNeverTakeAForgedElement() {
        run(random -> {
            ForwardedHeaders headers = new ForwardedHeaders(random);
            String prefix = mutated(headers.prefix() + headers.element() + headers.prefix(), random);
            String header = prefix + "," + headers.element();
            Caller caller = istio.of(sender(null, Map.of("x-forwarded-client-cert", header)));
            assertThat(caller.outcome() == Outcome.VERIFIED).isEqualTo(caller.verified() != null);
            assertThat(caller.verified() == null || caller.verified().uri().equals(CART))
                    .as("%s of %s", caller, header)
                    .isTrue();
            return caller.verified() != null;
        });
    }

    @Test
    void shouldReadOfHeadersOnlyWhatStandsInThem() {
        run(random -> {
            String forwarded = mutated(new ForwardedHeaders(random).element(), random);
            Caller caller = istio.of(sender(null, Map.of("x-forwarded-client-cert", forwarded)));
            assertThat(caller.verified() == null
                            || forwarded.contains("=" + caller.verified().uri())
                            || forwarded.contains("=\"" + caller.verified().uri() + "\""))
                    .as("%s of %s", caller, forwarded)
                    .isTrue();
            return caller.verified() != null;
        });
    }

    @Test
    void shouldReadOfLinkerdsHeaderWhatStandsInIt() {
        run(random -> {
            String header = mutated(OF_LINKERD, random);
            SpiffeId id =
                    linkerd.of(sender(null, Map.of("l5d-client-id", header))).verified();
            assertThat(id == null
                            || header.startsWith(
                                            id.serviceAccount() + "." + id.namespace() + ".serviceaccount.identity.")
                                    && header.endsWith("." + id.trustDomain()))
                    .as("%s of %s", id, header)
                    .isTrue();
            return id != null;
        });
    }

    @Test
    void shouldReadOfNodeIdsWhatStandsInThem() {
        run(random -> {
            String text = mutated(NODE, random);
            byte[] bytes = ("~." + text + "~.").getBytes(ISO_8859_1);
            NodeId id = NodeId.parse(bytes, 2, bytes.length - 2);
            assertThat(id == null
                            || text.startsWith(id.type() + "~" + id.ip() + "~" + id.pod() + "." + id.namespace() + "~"))
                    .as("%s of %s", id, text)
                    .isTrue();
            return id != null;
        });
    }

    @Test
    void shouldReadOfCertificatesWhatStandsInThem() {
        run(random -> {
            String principal = mutated(CART, random);
            SpiffeId id = istio.of(sender(principal, Map.of())).verified();
            assertThat(id == null || id.uri().equals(principal)).isTrue();
            return id != null;
        });
    }

    /** @param input makes one, and says whether it was taken; some must be, and some not */
    private static void run(Predicate<Random> input) {
        long first = Long.getLong("weir.fuzz.seed", System.nanoTime());
        boolean once = System.getProperty("weir.fuzz.seed") != null;
        long end = System.nanoTime()
                + Duration.ofSeconds(Integer.getInteger("weir.fuzz.seconds", 1)).toNanos();
        long seed = first;
        int taken = 0;
        do {
            try {
                taken += input.test(new Random(seed)) ? 1 : 0;
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed, e);
            }
            seed++;
        } while (!once && (seed - first < AT_LEAST_INPUTS || System.nanoTime() < end));
        if (!once) {
            assertThat(taken).isPositive().isLessThan((int) Math.min(Integer.MAX_VALUE, seed - first));
        }
    }

    private static String mutated(String sound, Random random) {
        StringBuilder text = new StringBuilder(sound);
        for (int i = random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(text.length() + 1);
            char c = random.nextInt(4) == 0 ? (char) random.nextInt(256) : MARKS.charAt(random.nextInt(MARKS.length()));
            switch (random.nextInt(3)) {
                case 0 -> text.insert(at, c);
                case 1 -> text.replace(at, Math.min(text.length(), at + 1), String.valueOf(c));
                default -> text.delete(at, Math.min(text.length(), at + random.nextInt(10)));
            }
        }
        return text.toString();
    }

    private static Sender sender(@Nullable String principal, Map<String, String> headers) {
        return new Sender(Sender.Protocol.GRPC, principal, "127.0.0.6:1", 1, headers);
    }
}
