package dev.weir.export;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;

/** One of Vert.x's event loops. */
final class VertxLoop implements Loop {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Vertx vertx;
    private final ContextInternal context;

    VertxLoop(Vertx vertx) {
        this.vertx = vertx;
        this.context = ((VertxInternal) vertx).createEventLoopContext();
    }

    Context context() {
        return context;
    }

    @Override
    public void run(Runnable task) {
        context.runOnContext(v -> task.run());
    }

    @Override
    public Timer after(long nanos, Runnable task) {
        long millis = Math.max(1, (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
        long id = context.setTimer(millis, i -> task.run());
        return () -> vertx.cancelTimer(id);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }
}
