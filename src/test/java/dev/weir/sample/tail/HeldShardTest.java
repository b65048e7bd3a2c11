package dev.weir.sample.tail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a model of maps and lists, in random interleavings. */
class HeldShardTest {

    private static final int SHARDS = 3;
    private static final int OF_SPANS = SpanFlags.KEPT;

    private record Id(int shard, long high, long low) {}

    private record Span(byte[] bytes, String origin, int flags) {}

    private record Pinned(int shard, RunList list, List<Span> spans) {}

    private SpanReader reader = new SpanReader();
    private long evacuated;
    private long compressed;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldHoldWhatAModelHolds(long seed) {
        Random random = new Random(seed);
        boolean compresses = seed > 2;
        HeldFixture held = new HeldFixture(compresses ? 3 << 20 : 8 << 20, SHARDS, compresses);
        reader = held.store.newReader(2);
        SlabCompressor compressor = new SlabCompressor(held.store);
        long empty = held.used();
        Map<Id, List<Span>> model = new HashMap<>();
        List<Id> ids = new ArrayList<>();
        List<Pinned> pinned = new ArrayList<>();
        int refused = 0;
        int most = 0;
        boolean fills = true;

        for (int step = 0; step < 60_000; step++) {
            int dice = random.nextInt(100);
            most = Math.max(most, ids.size());
            if (ids.size() <= most / 60) {
                fills = true;
            }
            if (dice < (fills ? 90 : 30)) {
                Id id = ids.isEmpty() || random.nextInt(4) == 0
                        ? new Id(random.nextInt(SHARDS), random.nextLong(4), random.nextLong())
                        : ids.get(random.nextInt(ids.size()));
                List<Span> spans = spans(random);
                int origin = origin(held, spans.getFirst().origin);
                if (origin == Origins.REFUSED) {
                    refused++;
                    fills = false;
                    continue;
                }
                List<byte[]> bytes = spans.stream().map(Span::bytes).toList();
                if (held.hold(id.shard, id.high, id.low, bytes, origin, spans.getFirst().flags)) {
                    if (!model.containsKey(id)) {
                        ids.add(id);
                    }
                    model.computeIfAbsent(id, i -> new ArrayList<>()).addAll(spans);
                } else {
                    refused++;
                    fills = false;
                }
                held.store.origins().release(origin);
            } else if (dice < (fills ? 93 : 90) && !ids.isEmpty()) {
                int victims = random.nextInt(20_000) == 0 ? ids.size() : 1;
                for (int v = 0; v < victims; v++) {
                    Id id = removeAny(ids, random);
                    List<Span> spans = model.remove(id);
                    HeldShard shard = held.shards[id.shard];
                    int trace = shard.table().find(id.high, id.low);
                    check(held, id, trace, spans);
                    if (random.nextBoolean()) {
                        while (!shard.drop(trace, 1 + random.nextInt(20))) {
                            assertThat(shard.table().find(id.high, id.low)).isEqualTo(trace);
                        }
                    } else {
                        RunList list = new RunList();
                        assertThat(shard.pin(trace, Integer.MAX_VALUE, list)).isTrue();
                        pinned.add(new Pinned(id.shard, list, spans));
                    }
                    assertThat(shard.table().find(id.high, id.low)).isEqualTo(TraceRecords.NONE);
                }
            } else if (!pinned.isEmpty()) {
                Pinned emitted = pinned.remove(random.nextInt(pinned.size()));
                check(held, emitted.list, emitted.spans);
                held.shards[emitted.shard].release(emitted.list);
            }
            maintain(held, random, compresses ? compressor : null, step);
        }

        assertThat(evacuated).as("slabs evacuated").isPositive();
        assertThat(compressed).as("slabs compressed").isGreaterThanOrEqualTo(compresses ? 1 : 0);
        assertThat(refused).as("the buffer was full at times").isPositive();
        for (Id id : ids) {
            HeldShard shard = held.shards[id.shard];
            int trace = shard.table().find(id.high, id.low);
            check(held, id, trace, model.get(id));
            assertThat(shard.drop(trace, Integer.MAX_VALUE)).isTrue();
        }
        for (Pinned emitted : pinned) {
            check(held, emitted.list, emitted.spans);
            held.shards[emitted.shard].release(emitted.list);
        }
        for (HeldShard shard : held.shards) {
            assertThat(shard.spans()).isZero();
            assertThat(shard.pinned()).isZero();
            assertThat(shard.traces()).isZero();
            assertThat(shard.logs() + shard.pinned() + shard.pinnedLogs()).isZero();
            assertThat(shard.spanBytes()).isZero();
        }
        assertThat(held.store.origins().size()).isZero();
        held.pass(200);
        assertThat(held.used()).as("bytes that stay charged").isLessThan(empty + (1 << 20));
    }

    @Test
    void shouldHoldOneTraceOfAMillionSpans() {
        HeldFixture held = new HeldFixture(256 << 20, 8);
        int origin = held.origin("r", "s");
        byte[] span = HeldFixture.randomBytes(new Random(1), 100);
        for (int i = 0; i < 1_000_000; i++) {
            assertThat(held.hold(0, 1, 2, span, origin, i & OF_SPANS)).isTrue();
        }
        HeldShard shard = held.shards[0];
        int trace = shard.table().find(1, 2);
        assertThat(shard.records().spans(trace)).isEqualTo(1_000_000);
        assertThat(shard.records().bytes(trace)).isEqualTo(100_000_000L);

        RunList list = new RunList();
        int slices = 1;
        int left = 1_000_000;
        while (!shard.pin(trace, 10_000, list)) {
            slices++;
            for (int i = 0; i < list.size(); i++) {
                reader.run(list, i);
                assertThat(reader.next()).isTrue();
                assertThat(reader.flags()).isEqualTo(left - list.size() + i & OF_SPANS);
            }
            left -= list.items();
            shard.release(list);
        }
        shard.release(list);

        assertThat(slices).isEqualTo(100);
        assertThat(shard.spans()).isZero();
        assertThat(shard.slabBytes()).as("the open slab").isLessThanOrEqualTo(256 << 10);
    }

    @Test
    void shouldKeepOneSpanASecondInEachShardUnderSixteenMebibytes() {
        HeldFixture held = new HeldFixture(256 << 20, 8);
        int origin = held.origin("r", "s");
        byte[] span = HeldFixture.randomBytes(new Random(1), 410);
        long most = 0;
        for (int second = 0; second < 120; second++) {
            for (int shard = 0; shard < 8; shard++) {
                assertThat(held.hold(shard, second, shard, span, origin, 0)).isTrue();
                if (second >= 30) {
                    HeldShard s = held.shards[shard];
                    s.drop(s.table().find(second - 30, shard), 10);
                }
            }
            most = Math.max(most, held.used());
        }
        assertThat(most).isLessThan(16 << 20);
    }

    private void maintain(HeldFixture held, Random random, @Nullable SlabCompressor compressor, int step) {
        HeldShard shard = held.shards[random.nextInt(SHARDS)];
        shard.advance(step);
        if (random.nextInt(10) == 0) {
            evacuated += shard.evacuate(2);
        }
        if (compressor != null && random.nextInt(10) == 0) {
            Slab slab = shard.beginCompression(step - 100);
            if (slab != null) {
                Block block = compressor.compress(slab);
                compressed += block == null ? 0 : 1;
                shard.endCompression(slab, block);
            }
        }
    }

    private void check(HeldFixture held, Id id, int trace, List<Span> spans) {
        HeldShard shard = held.shards[id.shard];
        assertThat(trace).isNotEqualTo(TraceRecords.NONE);
        assertThat(shard.records().spans(trace)).isEqualTo((int)
                spans.stream().filter(span -> (span.flags & SpanFlags.LOG) == 0).count());
        RunList list = new RunList();
        shard.list(trace, list);
        check(held, list, spans);
    }

    private void check(HeldFixture held, RunList list, List<Span> spans) {
        assertThat(list.items()).isEqualTo(spans.size());
        int next = 0;
        for (int i = 0; i < list.size(); i++) {
            Origin origin = held.store.origins().get(list.origin(i));
            String name = text(origin.resource()) + "/" + text(origin);
            reader.run(list, i);
            while (reader.next()) {
                Span span = spans.get(next++);
                byte[] bytes = new byte[reader.length()];
                reader.copyTo(bytes, 0);
                assertThat(bytes).isEqualTo(span.bytes);
                assertThat(reader.flags()).isEqualTo(span.flags & SpanFlags.KEPT);
                assertThat(list.areLogs(i)).isEqualTo((span.flags & SpanFlags.LOG) != 0);
                assertThat(name).isEqualTo(span.origin);
            }
        }
        assertThat(next).isEqualTo(spans.size());
    }

    private static String text(Origin origin) {
        return new String(
                origin.header, origin.bodyFrom + 2, origin.bodyTo - origin.bodyFrom - 2, StandardCharsets.UTF_8);
    }

    private static Span span(Random random) {
        int length = random.nextInt(200) == 0 ? random.nextInt(100_000) : random.nextInt(800);
        int resource = random.nextInt(10) == 0 ? random.nextInt(1000) : random.nextInt(4);
        byte[] bytes = HeldFixture.randomBytes(random, length);
        Arrays.fill(bytes, 0, length / 4 * 3, (byte) length); // so that it can be compressed
        return new Span(bytes, "r" + resource + "/s" + random.nextInt(2), random.nextInt(16));
    }

    /** What comes together: mostly one, now and then many, of one origin. */
    private static List<Span> spans(Random random) {
        Span first = span(random);
        List<Span> spans = new ArrayList<>(List.of(first));
        for (int more = random.nextInt(4) == 0 ? random.nextInt(50) : 0; more > 0; more--) {
            spans.add(new Span(span(random).bytes, first.origin, first.flags));
        }
        return spans;
    }

    private static int origin(HeldFixture held, String name) {
        return held.origin(name.substring(0, name.indexOf('/')), name.substring(name.indexOf('/') + 1));
    }

    private static Id removeAny(List<Id> ids, Random random) {
        int i = random.nextInt(ids.size());
        Id last = ids.removeLast();
        return i == ids.size() ? last : ids.set(i, last);
    }
}
