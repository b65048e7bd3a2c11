package dev.weir.export.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TraceTableTest {

    private static final int IDS = 20_000;

    private final TraceTable table = new TraceTable();
    private final ChunkPool<byte[]> bytes = ChunkPool.ofBytes(1 << 20);
    private final ChunkPool<int[]> ints = ChunkPool.ofInts(1 << 20);
    private final Map<Long, Segment> expected = new HashMap<>();
    private final ArrayDeque<Segment> segments = new ArrayDeque<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldFindWhatIsThereAndNothingElse(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            // When
            fill(random.nextInt(1, 1_500), random);
            while (segments.size() > 1 && random.nextInt(100) < 45) {
                remove(segments.removeFirst(), random.nextBoolean());
            }

            // Then
            assertThat(table.count()).isEqualTo(expected.size());
            for (long id = 0; id < IDS; id++) {
                int place = table.find(-id, id);
                Segment segment = expected.get(id);
                if (segment == null) {
                    assertThat(place).isEqualTo(TraceTable.NONE);
                } else {
                    assertThat(table.segment(place)).isSameAs(segment);
                    assertThat(segment.traces.is(TraceTable.number(place), -id, id))
                            .isTrue();
                }
            }
        }
    }

    private void fill(int traces, Random random) {
        Segment segment = new Segment(table, bytes, ints, 1 << 20);
        Set<Long> ids = new HashSet<>();
        while (ids.size() < traces) {
            long id = random.nextInt(IDS);
            if (expected.putIfAbsent(id, segment) == null) {
                table.add(segment, segment.traces.add(-id, id));
            }
            ids.add(id);
        }
        segments.addLast(segment);
    }

    private void remove(Segment segment, boolean leaves) {
        for (int trace = 0; trace < segment.traces.count(); trace++) {
            table.remove(segment, trace);
            expected.remove(segment.traces.low(trace));
        }
        segment.clear();
        if (leaves) {
            table.leave(segment);
        }
    }
}
