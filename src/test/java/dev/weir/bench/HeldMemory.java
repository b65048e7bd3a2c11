package dev.weir.bench;

import dev.weir.bench.Load.Kind;
import dev.weir.bench.Load.Protocol;
import java.util.List;
import java.util.Map;

/** How much more memory a gateway takes for each span more that it holds. */
final class HeldMemory {

    private static final Load LOAD = new Load(Kind.SDK_SPANS, 500, false, Protocol.GRPC, false, 2);
    private static final int RATE = 80_000;
    /** Of ten spans each. */
    private static final int[] TRACES = {30_000, 60_000, 120_000};

    /** Nothing arrives before the measurement is over. */
    private static final Expectation NOTHING = new Expectation(0, 1, true);

    private final Loop loop;
    private final List<Sink> sinks;

    HeldMemory(Loop loop, List<Sink> sinks) {
        this.loop = loop;
        this.sinks = sinks;
    }

    /** From the least to the most held traces, in resident bytes a span. */
    double bytesPerSpan(Gateway gateway, String config) {
        Block block = new Block(loop, sinks, System.nanoTime(), Double.POSITIVE_INFINITY);
        try (GatewayProcess process = GatewayProcess.start(gateway, config, sinks, "")) {
            double first = 0;
            double last = 0;
            int held = 0;
            for (int traces : TRACES) {
                double seconds = (traces - held) * (double) Traffic.ITEMS_A_TRACE / RATE;
                Result result = block.run(process, LOAD, Map.of(), RATE, seconds, NOTHING);
                if (result.refused() > 0) {
                    System.out.println("held memory is not known: " + result);
                    return Double.NaN;
                }
                held = traces;
                last = process.residentBytes();
                System.out.printf(
                        "%s, %s: %,d traces held, %,.0f MiB%n", gateway.label(), config, held, last / (1 << 20));
                first = first == 0 ? last : first;
            }
            return (last - first) / ((TRACES[TRACES.length - 1] - TRACES[0]) * (double) Traffic.ITEMS_A_TRACE);
        }
    }
}
