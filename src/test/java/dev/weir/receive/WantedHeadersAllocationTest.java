package dev.weir.receive;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.weir.pipeline.Sender;
import io.grpc.Metadata;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.vertx.core.MultiMap;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import io.vertx.core.http.impl.headers.Http2HeadersAdaptor;
import java.lang.management.ManagementFactory;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Requests that have none of the headers, or are asked for none, cost no object. */
class WantedHeadersAllocationTest {

    private static final int ROUNDS = 10_000;
    private static final Sender SENDER = new Sender(Sender.Protocol.GRPC, null, "test:1", 1);

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void shouldAllocateNothingForRequestsWithoutThem() {
        WantedHeaders wanted = new WantedHeaders(Set.of("x-forwarded-client-cert", "x-tenant"));

        assertThat(allocated(wanted)).isLessThan(ROUNDS);
    }

    @Test
    void shouldAllocateNothingWhenNobodyAsks() {
        assertThat(allocated(new WantedHeaders(Set.of()))).isLessThan(ROUNDS);
    }

    private long allocated(WantedHeaders wanted) {
        Metadata metadata = new Metadata();
        MultiMap http1 = HeadersMultiMap.httpHeaders();
        MultiMap http2 = new Http2HeadersAdaptor(new DefaultHttp2Headers());
        for (int i = 0; i < 10; i++) {
            metadata.put(Metadata.Key.of("x-other-" + i, Metadata.ASCII_STRING_MARSHALLER), "value");
            http1.add("x-other-" + i, "value");
            http2.add("x-other-" + i, "value");
        }
        boolean same = rounds(wanted, metadata, http1, http2);

        long before = threads.getCurrentThreadAllocatedBytes();
        same &= rounds(wanted, metadata, http1, http2);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(same).isTrue();
        return allocated;
    }

    private static boolean rounds(WantedHeaders wanted, Metadata metadata, MultiMap http1, MultiMap http2) {
        boolean same = true;
        for (int i = 0; i < ROUNDS; i++) {
            same &= wanted.of(SENDER, metadata) == SENDER;
            same &= wanted.of(SENDER, http1) == SENDER;
            same &= wanted.of(SENDER, http2) == SENDER;
        }
        return same;
    }
}
