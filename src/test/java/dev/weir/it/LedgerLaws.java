package dev.weir.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The two laws of conservation, reckoned again from what {@code /api/status} tells. */
final class LedgerLaws {

    private LedgerLaws() {}

    /** One sentence for each law that does not hold. */
    static List<String> violations(JsonNode ledger) {
        List<String> found = new ArrayList<>();
        ledger.path("signals").properties().forEach(signal -> {
            JsonNode c = signal.getValue();
            long missing = c.path("received").asLong()
                    - c.path("delivered").asLong()
                    - sum(c.path("sampledOut"))
                    - sum(c.path("dropped"))
                    - c.path("held").asLong();
            if (missing != 0) {
                found.add(signal.getKey() + ": " + missing + " of " + c);
            }
        });
        eachDestination(ledger, (name, c) -> {
            long missing = c.path("enqueued").asLong()
                    - c.path("sent").asLong()
                    - c.path("rejected").asLong()
                    - sum(c.path("dropped"))
                    - c.path("queued").asLong();
            if (missing != 0) {
                found.add(name + ": " + missing + " of " + c);
            }
        });
        return found;
    }

    /** Items that lie in the pipeline or in a queue. */
    static long underWay(JsonNode ledger) {
        long[] items = new long[1];
        ledger.path("signals").forEach(c -> items[0] += c.path("held").asLong());
        eachDestination(ledger, (name, c) -> items[0] += c.path("queued").asLong());
        return items[0];
    }

    private static void eachDestination(JsonNode ledger, java.util.function.BiConsumer<String, JsonNode> action) {
        ledger.path("destinations")
                .properties()
                .forEach(destination -> destination
                        .getValue()
                        .properties()
                        .forEach(signal ->
                                action.accept(destination.getKey() + "/" + signal.getKey(), signal.getValue())));
    }

    private static long sum(JsonNode counts) {
        long sum = 0;
        for (JsonNode count : counts) {
            sum += count.asLong();
        }
        return sum;
    }
}
