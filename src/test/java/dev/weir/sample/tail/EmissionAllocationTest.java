package dev.weir.sample.tail;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a decision passes through allocates nothing but the requests it makes. */
final class EmissionAllocationTest {

    private static final int SPANS = 100_000;
    private static final long R = 0xffff_ffff_ffff_ffL;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void shouldAllocateNothingPerSpanButTheRequests() {
        // Given spans of 400 bytes, every fifth from another resource and in another trace
        long[] requested = new long[1];
        Emission emission = new Emission(256 << 10, (request, spans) -> requested[0] += request.length);
        byte[][] resources = {{10, 2, 1, 1}, {10, 2, 1, 2}, {10, 2, 1, 3}};
        byte[] scope = {};
        byte[] body = new byte[400];
        new Random(1).nextBytes(body);
        ByteBuffer slab = ByteBuffer.allocateDirect(64 << 10).put(100, body);
        for (int i = 0; i < 3; i++) {
            emit(emission, resources, scope, slab);
        }

        // When
        requested[0] = 0;
        long before = threads.getCurrentThreadAllocatedBytes();
        emit(emission, resources, scope, slab);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        // Then
        assertThat(requested[0]).isGreaterThan(SPANS * 400L);
        assertThat(allocated - requested[0]).as("bytes for %d spans", SPANS).isLessThan(SPANS / 10);
    }

    @Test
    void shouldRememberWithoutAllocating() {
        Remembered remembered = new Remembered(1 << 20);
        long sum = 0;
        for (int round = 0; round < 2; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < SPANS; i++) {
                remembered.put(i * 0x9e3779b97f4a7c15L, true, true, 1, 0, i);
                sum += remembered.find(i);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(allocated).isLessThan(round == 0 ? Long.MAX_VALUE : SPANS / 10);
        }
        assertThat(sum).isNotZero();
    }

    private static void emit(Emission emission, byte[][] resources, byte[] scope, ByteBuffer slab) {
        for (int i = 0; i < SPANS; i++) {
            if (i % 5 == 0) {
                byte[] resource = resources[i / 5 % resources.length];
                emission.origin(resource, resource.length, scope, scope.length);
                emission.trace(R, (long) (i % 100) << 40, true, null);
            }
            emission.span(slab, 100, 400, false);
        }
        emission.flush();
    }
}
