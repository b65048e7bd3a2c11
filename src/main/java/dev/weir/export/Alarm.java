package dev.weir.export;

import org.jspecify.annotations.Nullable;

/** One timer that can be set earlier. Confined to the loop. */
final class Alarm {

    private final Loop loop;
    private final Runnable task;
    private Loop.@Nullable Timer timer;
    private long atNanos;

    Alarm(Loop loop, Runnable task) {
        this.loop = loop;
        this.task = task;
    }

    /** Runs the task then, unless it is to run before. */
    void setFor(long nanos) {
        if (timer != null) {
            if (atNanos - nanos <= 0) {
                return;
            }
            timer.cancel();
        }
        atNanos = nanos;
        timer = loop.after(Math.max(0, nanos - loop.nanoTime()), () -> {
            timer = null;
            task.run();
        });
    }
}
