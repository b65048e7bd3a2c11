package dev.weir.sample.tail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OriginsTest {

    private final HeldFixture held = new HeldFixture(8 << 20, 2);
    private final Origins origins = held.store.origins();
    private final long empty = held.used();

    @Test
    void shouldStoreAResourceOnceForAllItsScopes() {
        int a = held.origin("shop", "http");
        int b = held.origin("shop", "jdbc");
        int again = held.origin("shop", "http");
        int other = held.origin("cart", "http");

        assertThat(again).isEqualTo(a);
        assertThat(b).isNotEqualTo(a);
        assertThat(other).isNotEqualTo(a);
        assertThat(origins.get(b).resource()).isSameAs(origins.get(a).resource());
        assertThat(origins.get(other).resource()).isNotSameAs(origins.get(a).resource());
        assertThat(origins.size()).isEqualTo(2 /* resources */ + 3 /* scopes */);
        assertThat(held.used() - empty).isEqualTo(origins.bytes()).isPositive();
    }

    @Test
    void shouldFreeWithTheLastReference() {
        int a = held.origin("shop", "http");
        assertThat(held.origin("shop", "http")).isEqualTo(a);
        int b = held.origin("shop", "jdbc");

        origins.release(a);
        assertThat(origins.size()).isEqualTo(3);
        origins.release(a);
        assertThat(origins.size()).as("the resource has a scope yet").isEqualTo(2);
        origins.release(b);
        assertThat(origins.size()).isZero();
        assertThat(held.used()).isEqualTo(empty);
    }

    @Test
    void shouldKeepAnOriginAsLongAsASpanOfItIsHeldOrRead() {
        int a = held.origin("shop", "http");
        for (int i = 0; i < 10; i++) {
            assertThat(held.hold(0, 1, i, new byte[100], a, 0)).isTrue();
        }
        origins.release(a);
        HeldShard shard = held.shards[0];
        for (int i = 1; i < 10; i++) {
            shard.drop(shard.table().find(1, i), 1);
        }
        RunList list = new RunList();
        assertThat(shard.pin(shard.table().find(1, 0), 1, list)).isTrue();
        assertThat(origins.size()).isEqualTo(2);
        shard.release(list);
        assertThat(origins.size()).isZero();
    }

    @Test
    void shouldRefuseNewOnesBeyondATenthOfTheBuffer() {
        int known = held.origin("shop", "http");
        int refused = 0;
        for (int i = 0; i < 10_000; i++) {
            refused += held.origin("r" + i, "s") == Origins.REFUSED ? 1 : 0;
        }
        assertThat(refused).isPositive();
        assertThat(origins.bytes()).isBetween((8L << 20) / 10 - 1000, (8L << 20) / 10);
        assertThat(held.origin("shop", "http")).isEqualTo(known);
    }
}
