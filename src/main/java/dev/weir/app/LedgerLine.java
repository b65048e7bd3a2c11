package dev.weir.app;

import dev.weir.pipeline.DestinationLedger;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The ledger in one line, for the log when the process ends. */
record LedgerLine(Ledger ledger) {

    /** Reasons of what is not lost: nothing takes its signal, or it traces how telemetry came here. */
    private static final List<String> ON_PURPOSE = List.of("no_destination", "self_telemetry");

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        for (Signal signal : Signal.values()) {
            Ledger.Counts counts = ledger.read(signal);
            if (counts.received() > 0) {
                parts.add(signal.label() + " " + counts.received() + " received, " + counts.delivered() + " delivered"
                        + some(", sampled out ", counts.sampledOut()) + some(", dropped ", counts.dropped()));
            }
            ledger.destinations().forEach((name, destination) -> {
                DestinationLedger.Counts to = destination.read(signal);
                if (to.enqueued() > 0) {
                    parts.add(name + " " + to.sent() + " sent"
                            + (to.rejected() > 0 ? ", " + to.rejected() + " rejected" : "")
                            + some(", dropped ", to.dropped()));
                }
            });
        }
        List<String> violations = ledger.violations();
        return (parts.isEmpty() ? "nothing received" : String.join("; ", parts))
                + (violations.isEmpty() ? "" : "; LEDGER DOES NOT BALANCE: " + String.join("; ", violations));
    }

    /** Items dropped anywhere, of all signals, but for those that are left out by configuration. */
    static long dropped(Ledger ledger) {
        long sum = 0;
        for (Signal signal : Signal.values()) {
            Map<String, Long> dropped = ledger.read(signal).dropped();
            sum += total(dropped);
            for (String reason : ON_PURPOSE) {
                sum -= dropped.getOrDefault(reason, 0L);
            }
            for (DestinationLedger destination : ledger.destinations().values()) {
                sum += total(destination.read(signal).dropped());
            }
        }
        return sum;
    }

    private static String some(String before, Map<String, Long> counts) {
        return total(counts) == 0 ? "" : before + counts;
    }

    private static long total(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
