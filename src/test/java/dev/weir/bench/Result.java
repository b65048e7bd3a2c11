package dev.weir.bench;

/**
 * What one block came to.
 *
 * @param rate items a second that were sent
 * @param sent items
 * @param refused items
 * @param arrived items, at the first sink
 * @param cpu seconds
 * @param c CPU seconds a million items that arrived; with sampling, that were taken
 * @param compiling share of the CPU time that a JVM's compiler took: the less, the warmer it was
 * @param load share of its core that the gateway used while the load lasted, work after it included
 * @param resident bytes, median
 * @param peak bytes
 * @param ack50 milliseconds from when a request was due until it was answered, median
 * @param delivery50 milliseconds from when a request was due until something of it arrived, median
 * @param generator share of its core that generator and sink used
 * @param fault why it does not count; empty when it does
 */
record Result(
        Gateway gateway,
        double rate,
        long sent,
        long requests,
        long refused,
        long arrived,
        double cpu,
        double c,
        double compiling,
        double load,
        double resident,
        double peak,
        double ack50,
        double ack99,
        double delivery50,
        double delivery99,
        double generator,
        String fault) {

    boolean counts() {
        return fault.isEmpty();
    }

    /** CPU microseconds a request. */
    double microsPerRequest() {
        return cpu / requests * 1e6;
    }

    @Override
    public String toString() {
        return "%-8s %,9.0f/s  c %6.3f (%2.0f %% compiling)  %6.1f µs a request  load %3.0f %%  resident %4.0f MiB, peak %4.0f  ack %.2f / %.2f ms  delivery %.0f / %.0f ms  generator %2.0f %%  %s"
                .formatted(
                        gateway.label(),
                        rate,
                        c,
                        100 * compiling,
                        microsPerRequest(),
                        100 * load,
                        resident / (1 << 20),
                        peak / (1 << 20),
                        ack50,
                        ack99,
                        delivery50,
                        delivery99,
                        100 * generator,
                        fault.isEmpty() ? "hashes equal" : "VOID: " + fault);
    }
}
