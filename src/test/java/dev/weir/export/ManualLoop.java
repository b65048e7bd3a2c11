package dev.weir.export;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A loop whose time passes when the test says so. */
class ManualLoop implements Loop {

    private record Due(long at, long order, Runnable task) {}

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Due> timers =
            new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::order));
    private long now;
    private long order;

    @Override
    public void run(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Timer after(long nanos, Runnable task) {
        Due due = new Due(now + nanos, order++, task);
        timers.add(due);
        return () -> timers.remove(due);
    }

    @Override
    public long nanoTime() {
        return now;
    }

    /** A nanosecond later. */
    final long tick() {
        return ++now;
    }

    void runTasks() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    void pass(Duration time) {
        long end = now + time.toNanos();
        runTasks();
        while (!timers.isEmpty() && timers.element().at() <= end) {
            Due due = timers.remove();
            now = Math.max(now, due.at());
            run(due.task());
            runTasks();
        }
        now = Math.max(now, end);
    }
}
