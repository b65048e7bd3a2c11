package dev.weir.sample.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTableTest {

    private final HeldFixture held = new HeldFixture(128 << 20, 1);
    private final TraceTable table = held.shards[0].table();
    private final TraceRecords records = held.shards[0].records();

    @Test
    void shouldFindWhatAMapFindsWhileItGrowsAndShrinks() {
        Random random = new Random(9);
        Map<Long, Integer> model = new HashMap<>();
        for (int target : new int[] {50_000, 1_000, 30_000, 0}) {
            while (model.size() != target) {
                long id = random.nextInt(60_000);
                Integer there = model.get(id);
                assertThat(table.find(id, 3)).isEqualTo(there == null ? TraceRecords.NONE : there);
                if (there == null && model.size() < target) {
                    model.put(id, add(id));
                } else if (there != null && model.size() > target) {
                    table.remove(there);
                    model.remove(id);
                }
            }
            assertThat(table.size()).isEqualTo(target);
            assertThat(table.buckets()).isBetween(target, Math.max(16 << 10, 4 * target));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 16, 24, 32, 40, 48, 56})
    void shouldSpreadIdsThatAreAlike(int shift) {
        int[] buckets = new int[1 << 16];
        int[] shards = new int[16];
        for (long i = 0; i < 1 << 16; i++) {
            long hash = held.store.hash().of(7, i << shift);
            buckets[(int) hash & buckets.length - 1]++;
            shards[(int) (hash >>> 60)]++;
        }
        // ids that are the same after the shift are the same id
        int same = 1 << Math.max(0, shift - 48);
        for (int inBucket : buckets) {
            assertThat(inBucket).isLessThanOrEqualTo((same > 1 ? 4 : 12) * same);
        }
        if (same == 1) {
            for (int inShard : shards) {
                assertThat(inShard).isBetween(3_500, 4_700);
            }
        }
    }

    @Test
    void shouldHashUnderAKeyOfItsOwn() {
        assertThat(new IdHash().of(1, 2)).isNotEqualTo(new IdHash().of(1, 2));
        assertThat(new IdHash(1, 2).of(3, 4)).isEqualTo(new IdHash(1, 2).of(3, 4));
    }

    @Test
    void shouldFoldWhatSpansSay() {
        int trace = add(1);
        records.foldSpans(trace, 200, 300, 0, 0);
        records.foldSpans(trace, 100, 250, 1, TraceRecords.ROOT_SEEN);
        records.foldSpans(trace, -5, -4, 0, 0); // unsigned: very late
        records.words().foldBits(trace, 0, 5);
        records.words().foldBits(trace, 0, 1L << 63);
        records.words().foldCount(trace, 1, Integer.MAX_VALUE - 1);
        records.words().foldCount(trace, 1, 7);
        records.raiseThreshold(trace, 9);
        records.raiseThreshold(trace, 4);
        records.setRandomness(trace, 77);

        assertThat(records.startNanos(trace)).isEqualTo(100);
        assertThat(records.endNanos(trace)).isEqualTo(-4);
        assertThat(records.errors(trace)).isEqualTo(1);
        assertThat(records.flags(trace))
                .isEqualTo(TraceRecords.ROOT_SEEN | TraceRecords.THRESHOLD_SEEN | TraceRecords.RANDOMNESS_SEEN);
        assertThat(records.words().bits(trace, 0)).isEqualTo(5 | 1L << 63);
        assertThat(records.words().count(trace, 0)).isZero();
        assertThat(records.words().count(trace, 1)).isEqualTo(Integer.MAX_VALUE);
        assertThat(records.threshold(trace)).isEqualTo(9);
        assertThat(records.randomness(trace)).isEqualTo(77);
        assertThat(records.arrivalSecond(trace)).isEqualTo(7);
    }

    @Test
    void shouldKeepRecordsOfOlderRulesWhenTheLayoutChanges() {
        int old = add(1);
        records.foldSpans(old, 5, 6, 1, 0);
        for (int generation = 2; generation <= 20; generation++) {
            records.words().use(generation, generation, generation);
            for (int i = 0; i < 300; i++) {
                int trace = add(generation * 1000L + i);
                for (int w = 0; w < generation; w++) {
                    assertThat(records.words().bits(trace, w)).isZero();
                    assertThat(records.words().count(trace, w)).isZero();
                    records.words().foldBits(trace, w, -1);
                    records.words().foldCount(trace, w, -1);
                }
            }
        }
        assertThat(records.generation(old)).isEqualTo(1);
        assertThat(records.traceIdHigh(old)).isEqualTo(1);
        assertThat(records.startNanos(old)).isEqualTo(5);
        for (int generation = 2; generation <= 20; generation++) {
            for (int i = 0; i < 300; i++) {
                int trace = table.find(generation * 1000L + i, 3);
                assertThat(records.generation(trace)).isEqualTo(generation);
                table.remove(trace);
            }
        }
        table.remove(old);
        assertThat(table.size()).isZero();
    }

    @Test
    void shouldRefuseALayoutThatIsTooLarge() {
        int words = 8;
        int counts = 214;
        assertThat(TraceWords.size(words, counts))
                .isEqualTo(104 + 8 * words + 4 * counts)
                .isEqualTo(1024);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> records.words().use(1, words, counts + 4))
                .withMessage(
                        "the policies ask for 936 bytes for each held trace, mostly because they count spans by 218"
                                + " different conditions; at most 920 are possible");
    }

    private int add(long id) {
        held.reservation.add(0, 1);
        assertThat(held.reservation.tryTake()).isTrue();
        int trace = held.trace(0, id, 3, held.reservation);
        held.reservation.close();
        return trace;
    }
}
