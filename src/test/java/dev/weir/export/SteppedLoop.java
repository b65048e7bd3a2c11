package dev.weir.export;

import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * An event loop with real connections whose time passes when the test says so: it stands still while a request is under
 * way, so that what happens at what time depends on no machine's speed.
 */
final class SteppedLoop extends ManualLoop {

    private static final long SECONDS_FOR_AN_ANSWER = 30;
    private static final int MILLIS_BETWEEN_LOOKS = 1;

    private final Vertx vertx;
    private final VertxLoop loop;
    private final BooleanSupplier waiting;
    private final AtomicInteger toRun = new AtomicInteger();

    /** @param waiting whether something is under way; asked on the loop */
    SteppedLoop(Vertx vertx, BooleanSupplier waiting) {
        this.vertx = vertx;
        this.loop = new VertxLoop(vertx);
        this.waiting = waiting;
    }

    @Override
    public void run(Runnable task) {
        toRun.incrementAndGet();
        loop.run(() -> {
            try {
                task.run();
            } finally {
                toRun.decrementAndGet();
            }
        });
    }

    /** Never the same time twice, as with a real clock. */
    @Override
    public long nanoTime() {
        return tick();
    }

    /** The same time by the calendar; any thread. */
    Instant instant() {
        return Instant.EPOCH.plusNanos(super.nanoTime());
    }

    /** Runs what there is to run now; returns when nothing is under way. */
    @Override
    void runTasks() {
        CompletableFuture<Void> quiet = new CompletableFuture<>();
        loop.run(() -> look(quiet));
        quiet.orTimeout(SECONDS_FOR_AN_ANSWER, TimeUnit.SECONDS).join();
    }

    private void look(CompletableFuture<Void> quiet) {
        try {
            if (toRun.get() == 0 && !waiting.getAsBoolean()) {
                quiet.complete(null);
            } else if (!quiet.isDone()) {
                vertx.setTimer(MILLIS_BETWEEN_LOOKS, id -> loop.run(() -> look(quiet)));
            }
        } catch (RuntimeException | Error e) {
            quiet.completeExceptionally(e);
        }
    }
}
