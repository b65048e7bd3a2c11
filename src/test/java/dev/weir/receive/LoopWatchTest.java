package dev.weir.receive;

import static org.awaitility.Awaitility.await;

import io.netty.channel.DefaultEventLoop;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopWatchTest {

    private final DefaultEventLoop loop = new DefaultEventLoop();

    @AfterEach
    void close() {
        loop.shutdownGracefully();
    }

    @Test
    void oneThatFailsDoesNotEndTheTimeLimitsOfOthers() {
        // Given one behind another, as the last that came is looked at first
        LoopWatch watch = new LoopWatch(loop);
        AtomicInteger looks = new AtomicInteger();
        loop.execute(() -> {
            watch.add(now -> looks.incrementAndGet());
            watch.add(now -> {
                throw new IllegalStateException("a bug");
            });
        });
        // When, Then
        await().until(() -> looks.get() >= 3);
    }
}
