package dev.weir.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** The two laws of conservation, reckoned again from what {@code /api/status} tells. */
final class LedgerLaws {

    private LedgerLaws() {}

    /** One sentence for each law that does not hold. */
    static List<String> violations(JsonNode status) {
        List<String> found = new ArrayList<>();
        status.path("pipeline").properties().forEach(signal -> {
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
        eachDestination(status, (name, c) -> {
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
    static long underWay(JsonNode status) {
        long[] items = new long[1];
        status.path("pipeline").forEach(c -> items[0] += c.path("held").asLong());
        eachDestination(status, (name, c) -> items[0] += c.path("queued").asLong());
        return items[0];
    }

    private static void eachDestination(JsonNode status, BiConsumer<String, JsonNode> action) {
        status.path("destinations")
                .properties()
                .forEach(destination -> destination
                        .getValue()
                        .path("ledger")
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
