package dev.weir.sample.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The decider's reading of traces so large that others must not wait for it. */
final class HeldFactsTest {

    private final HeldFixture fixture = new HeldFixture(64 << 20, 1);
    private final HeldShard held = fixture.shards[0];
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private final HeldFacts facts =
            new HeldFacts(fixture.store, held, lock, isClosed::get).readBy(fixture.store.newReader(1));

    @BeforeEach
    void lock() {
        lock.lock();
    }

    @AfterEach
    void shouldStillHoldTheLockAndNothingElse() {
        assertThat(lock.getHoldCount()).isEqualTo(1);
        int trace = fixture.trace(0, 1, 1, fixture.reservation);
        held.drop(trace, Integer.MAX_VALUE);
        assertThat(held.slabBytes()).as("but for the slab that is being filled").isLessThanOrEqualTo(256 << 10);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, HeldFacts.MOST_LOCKED, HeldFacts.MOST_LOCKED + 1, 3 * 8_192, 100_000})
    void shouldVisitEachSpanOnceAndLetTheLockGoForLargeTraces(int spans) {
        hold(spans);
        BitSet seen = new BitSet();

        facts.at(fixture.trace(0, 1, 1, fixture.reservation)).forEachSpan((span, from, to, resource, scope) -> {
            int number = ByteBuffer.wrap(span).getInt(from);
            assertThat(seen.get(number)).isFalse();
            seen.set(number);
            assertThat(lock.isHeldByCurrentThread()).isEqualTo(spans <= HeldFacts.MOST_LOCKED);
            return true;
        });

        assertThat(seen.cardinality()).isEqualTo(spans);
    }

    @Test
    void shouldNotVisitWhatComesMeanwhile() {
        hold(5_000);
        int[] visited = {0};

        facts.at(fixture.trace(0, 1, 1, fixture.reservation)).forEachSpan((span, from, to, resource, scope) -> {
            lock.lock();
            hold(1);
            lock.unlock();
            visited[0]++;
            return true;
        });

        assertThat(visited[0]).isEqualTo(5_000);
        assertThat(held.spans()).isEqualTo(10_000);
    }

    @Test
    void shouldTakeTheLockAgainWhateverTheVisitorDoes() {
        hold(5_000);
        HeldFacts at = facts.at(fixture.trace(0, 1, 1, fixture.reservation));

        assertThatThrownBy(() -> at.forEachSpan((span, from, to, resource, scope) -> {
                    throw new IllegalArgumentException("a broken policy");
                }))
                .hasMessage("a broken policy");
        assertThat(lock.getHoldCount()).isEqualTo(1);
        at.forEachSpan((span, from, to, resource, scope) -> false);
    }

    @Test
    void shouldNotGoOnInAShardThatWasClosed() {
        hold(5_000);
        isClosed.set(true);

        assertThatThrownBy(() -> facts.at(fixture.trace(0, 1, 1, fixture.reservation))
                        .forEachSpan((span, from, to, resource, scope) -> true))
                .isInstanceOf(IllegalStateException.class);
    }

    private void hold(int spans) {
        int origin = fixture.origin("shop", "tracer");
        for (int i = 0; i < spans; i++) {
            assertThat(fixture.hold(0, 1, 1, ByteBuffer.allocate(40).putInt(i).array(), origin, 0))
                    .isTrue();
        }
        fixture.store.origins().release(origin);
    }
}
