package dev.weir.sample.tail;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bytes that a held span takes: what is charged, and what is really allocated. */
class HeldMemoryTest {

    private static final int SHARDS = 8;
    private static final int SPANS_OF_TRACE = 10;

    /** Tag and length of a span of over 127 bytes. */
    private static final int PREFIX_BYTES = 3;

    private final Random random = new Random(5);
    private long wireBytes;
    private long traces;

    @BeforeEach
    void doNotOverwrite() {
        Slabs.overwritesReturned = false;
    }

    @AfterEach
    void overwrite() {
        Slabs.overwritesReturned = true;
    }

    @Test
    void shouldTakeLittleMoreThanTheSpansBytes() {
        HeldFixture held = new HeldFixture(400L << 20, SHARDS);
        int origin = held.origin("r", "s");
        byte[] span = HeldFixture.randomBytes(random, 410);
        long before = Block.allocated();
        hold(held, origin, 10_000, span);
        long charged = held.used();
        long allocated = Block.allocated() - before;
        long wire = wireBytes;
        hold(held, origin, 50_000, span);

        double wireSlope = wireBytes - wire;
        assertThat((held.used() - charged) / wireSlope)
                .as("charged a byte held")
                .isBetween(1.0, 1.12);
        assertThat((Block.allocated() - before - allocated) / wireSlope)
                .as("allocated a byte held")
                .isBetween(1.0, 1.12);

        dropAll(held);
        held.pass(200);
        assertThat(held.used()).as("charged when all is forgotten").isLessThan(16 << 20);
        assertThat(Block.allocated() - before).isLessThan(16 << 20);
    }

    @Test
    void shouldTakeAThirdWhenCompressed() {
        HeldFixture held = new HeldFixture(400L << 20, SHARDS, true);
        SlabCompressor compressor = new SlabCompressor(held.store);
        int origin = held.origin("r", "s");
        hold(held, origin, 2_000, null);
        compress(held, compressor);
        held.pass(200);
        long charged = held.used();
        long wire = wireBytes;
        hold(held, origin, 12_000, null);
        compress(held, compressor);
        held.pass(200);

        assertThat((held.used() - charged) / (double) (wireBytes - wire))
                .as("charged a byte held")
                .isBetween(0.1, 0.35);
        dropAll(held);
        held.pass(200);
        assertThat(held.used()).isLessThan(24 << 20);
    }

    private void hold(HeldFixture held, int origin, int upTo, byte @org.jspecify.annotations.Nullable [] given) {
        for (; traces < upTo; traces++) {
            byte[] id = HeldFixture.randomBytes(random, 16);
            for (int i = 0; i < SPANS_OF_TRACE; i++) {
                byte[] span = given == null ? span(id) : given;
                int shard = (int) traces % SHARDS;
                assertThat(held.hold(shard, traces, ~traces, span, origin, 0)).isTrue();
                wireBytes += span.length + PREFIX_BYTES;
            }
        }
    }

    private void dropAll(HeldFixture held) {
        for (long t = 0; t < traces; t++) {
            HeldShard shard = held.shards[(int) t % SHARDS];
            assertThat(shard.drop(shard.table().find(t, ~t), SPANS_OF_TRACE)).isTrue();
        }
    }

    private static void compress(HeldFixture held, SlabCompressor compressor) {
        for (HeldShard shard : held.shards) {
            for (Slab slab = shard.beginCompression(1); slab != null; slab = shard.beginCompression(1)) {
                shard.endCompression(slab, compressor.compress(slab));
            }
        }
    }

    /** A span like those of an HTTP server behind a mesh, about 430 bytes, with what differs from span to span. */
    private byte[] span(byte[] traceId) {
        long start = 1_760_000_000_000_000_000L + random.nextLong(30_000_000_000L);
        String[] routes = {"/api/orders/{id}", "/api/carts/{id}/items", "/login", "/search", "/api/users/{id}/avatar"};
        String[] methods = {"GET", "GET", "POST", "PUT", "DELETE"};
        int kind = random.nextInt(routes.length);
        return Span.newBuilder()
                .setTraceId(ByteString.copyFrom(traceId))
                .setSpanId(ByteString.copyFrom(HeldFixture.randomBytes(random, 8)))
                .setParentSpanId(ByteString.copyFrom(HeldFixture.randomBytes(random, 8)))
                .setFlags(257)
                .setName(methods[kind] + " " + routes[kind])
                .setKind(Span.SpanKind.SPAN_KIND_SERVER)
                .setStartTimeUnixNano(start)
                .setEndTimeUnixNano(start + random.nextInt(1_000_000_000))
                .addAttributes(text("http.request.method", methods[kind]))
                .addAttributes(text("http.route", routes[kind]))
                .addAttributes(text("url.path", routes[kind].replace("{id}", "" + random.nextInt(1_000_000))))
                .addAttributes(number("http.response.status_code", random.nextInt(20) == 0 ? 500 : 200))
                .addAttributes(text("server.address", "orders-" + random.nextInt(20) + ".shop.svc"))
                .addAttributes(number("server.port", 8080))
                .addAttributes(text("network.peer.address", "10.42." + random.nextInt(8) + "." + random.nextInt(250)))
                .addAttributes(number("network.peer.port", 30_000 + random.nextInt(30_000)))
                .addAttributes(text("user_agent.original", "okhttp/4.12." + random.nextInt(3)))
                .addAttributes(text("enduser.id", Integer.toHexString(random.nextInt())))
                .addAttributes(number("http.response.body.size", random.nextInt(20_000)))
                .build()
                .toByteArray();
    }

    private static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static KeyValue number(String key, long value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setIntValue(value))
                .build();
    }
}
