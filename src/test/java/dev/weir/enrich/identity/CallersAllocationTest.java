package dev.weir.enrich.identity;

import static dev.weir.enrich.identity.ForwardedClientCertTest.CART;
import static dev.weir.enrich.identity.ForwardedClientCertTest.FORGED;
import static dev.weir.enrich.identity.ForwardedClientCertTest.OURS;
import static dev.weir.enrich.identity.ForwardedClientCertTest.WEIR;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.weir.pipeline.Sender;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A sender that has been seen before costs no object, nor does one of whom nothing is said. */
class CallersAllocationTest {

    private static final int ROUNDS = 10_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Callers callers = new Callers(new Trust(Trust.Mesh.ISTIO, WEIR, Set.of(), Set.of()));

    @Test
    void shouldAllocateNothingForKnownCallers() {
        List<Sender> senders = List.of(
                new Sender(Sender.Protocol.GRPC, null, "127.0.0.6:1", 1, Map.of("x-forwarded-client-cert", OURS)),
                new Sender(
                        Sender.Protocol.HTTP_JSON,
                        null,
                        "127.0.0.6:1",
                        2,
                        Map.of("x-forwarded-client-cert", FORGED + "," + OURS)),
                new Sender(Sender.Protocol.GRPC, CART, "10.0.0.1:1", 3),
                new Sender(Sender.Protocol.GRPC, null, "10.0.0.1:1", 4));
        rounds(senders);

        long before = threads.getCurrentThreadAllocatedBytes();
        int verified = rounds(senders);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(verified).isEqualTo(3 * ROUNDS);
        assertThat(allocated).isLessThan(ROUNDS);
    }

    private int rounds(List<Sender> senders) {
        int verified = 0;
        for (int i = 0; i < ROUNDS; i++) {
            for (int s = 0; s < senders.size(); s++) {
                verified += callers.of(senders.get(s)).verified() == null ? 0 : 1;
            }
        }
        return verified;
    }
}
