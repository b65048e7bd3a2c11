package dev.weir.export;

/** The single thread that a destination's state is confined to, and its clock. */
interface Loop {

    /** Runs later, in the order of the calls; never at once. Any thread. */
    void run(Runnable task);

    /** Runs after at least so many nanoseconds. */
    Timer after(long nanos, Runnable task);

    /** Monotonic. */
    long nanoTime();

    /** Something that will run. */
    interface Timer {
        void cancel();
    }
}
