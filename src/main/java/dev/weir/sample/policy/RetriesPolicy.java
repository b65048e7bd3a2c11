package dev.weir.sample.policy;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * {@code retries: { at-least: 1 }}: a request was tried again so often. A gateway's attempts say so themselves, or are
 * siblings; behind a sidecar's one CLIENT span there are several SERVER spans.
 */
record RetriesPolicy(int atLeast) implements Policy {

    private static final int SERVER = 2;
    private static final int CLIENT = 3;
    private static final ValueTest ATTEMPT_NAME = new ValueTest.Matches("^router .*egress$");

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        Keys keys = in.keys(node, "retries", "at-least");
        OptionalInt atLeast = keys.count("at-least");
        if (node.kind == YamlNode.Kind.MAP && !keys.has("at-least")) {
            keys.fault("retries needs the key 'at-least'");
        }
        if (atLeast.isPresent() && (atLeast.getAsInt() < 1 || atLeast.getAsInt() > 1000)) {
            keys.fault("retries' at-least must be 1 to 1000, was " + atLeast.getAsInt());
        }
        return atLeast.isEmpty() ? null : new RetriesPolicy(atLeast.getAsInt());
    }

    @Override
    public TraceCondition condition() {
        ValueTest enough = new ValueTest.Range(BigDecimal.valueOf(atLeast), true, null, true, true);
        SpanCondition attempt =
                new SpanCondition.And(new SpanCondition.Kind(1 << CLIENT), new SpanCondition.Name(ATTEMPT_NAME));
        return new TraceCondition.Or(
                new TraceCondition.Any(new SpanCondition.Attribute(Place.SPAN, "retry.count", enough)),
                new TraceCondition.And(
                        new TraceCondition.Or(
                                new TraceCondition.Count(attempt, atLeast + 1, Integer.MAX_VALUE),
                                new TraceCondition.Count(
                                        new SpanCondition.Kind(1 << SERVER), atLeast + 1, Integer.MAX_VALUE)),
                        new TraceCondition.NeedsSpans("retries: " + (atLeast + 1) + " siblings", this::hasSiblings)));
    }

    private boolean hasSiblings(TraceFacts facts) {
        Siblings siblings = new Siblings(facts.spans());
        facts.forEachSpan((span, from, to, resource, scope) -> siblings.add(span, from, to));
        return siblings.anyOf(atLeast + 1);
    }

    /** The ids of CLIENT spans, and of the parents of what may be attempts. */
    private static final class Siblings {
        private final SpanIds ids = new SpanIds();
        private final ValueMatcher attemptName = ValueMatcher.of(ATTEMPT_NAME);
        private final long[] clients;
        private final long[] parentsOfServers;
        private final long[] parentsOfAttempts;
        private int clientCount;
        private int serverCount;
        private int attemptCount;

        Siblings(int spans) {
            clients = new long[spans];
            parentsOfServers = new long[spans];
            parentsOfAttempts = new long[spans];
        }

        /** False when there are more spans than were said. */
        boolean add(byte[] span, int from, int to) {
            ids.read(span, from, to);
            if (clientCount == clients.length || serverCount == clients.length) {
                return false;
            }
            if (ids.kind == CLIENT) {
                clients[clientCount++] = ids.id;
                if (ids.parent != 0 && attemptName.text(span, ids.nameFrom, ids.nameTo)) {
                    parentsOfAttempts[attemptCount++] = ids.parent;
                }
            } else if (ids.kind == SERVER && ids.parent != 0) {
                parentsOfServers[serverCount++] = ids.parent;
            }
            return true;
        }

        boolean anyOf(int count) {
            Arrays.sort(clients, 0, clientCount);
            return hasRun(parentsOfAttempts, attemptCount, count, false)
                    || hasRun(parentsOfServers, serverCount, count, true);
        }

        private boolean hasRun(long[] parents, int size, int count, boolean ofClients) {
            Arrays.sort(parents, 0, size);
            for (int i = 0; i + count <= size; i++) {
                if (parents[i] == parents[i + count - 1]
                        && (!ofClients || Arrays.binarySearch(clients, 0, clientCount, parents[i]) >= 0)) {
                    return true;
                }
            }
            return false;
        }
    }
}
