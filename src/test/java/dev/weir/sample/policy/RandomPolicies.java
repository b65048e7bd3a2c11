package dev.weir.sample.policy;

import java.util.List;
import java.util.Random;
import java.util.StringJoiner;

/** Random policies, as text, and random spans they are about. */
final class RandomPolicies {

    private static final List<String> KEYS = List.of("a", "b", "c");
    private static final List<String> VALUES = List.of("x", "y", "xy", "");

    private final Random random;

    RandomPolicies(long seed) {
        random = new Random(seed);
    }

    /** Up to six policies; some cannot be used. */
    String file() {
        StringBuilder file = new StringBuilder();
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            file.append("- { name: p").append(i).append(", ");
            if (random.nextInt(8) == 0) {
                file.append("shadow: true, ");
            }
            if (random.nextInt(6) == 0) {
                file.append("drop: { ").append(scoped(2, false)).append(" } }\n");
            } else {
                file.append(scoped(3, true)).append(" }\n");
            }
        }
        return file.toString();
    }

    private String scoped(int depth, boolean chance) {
        return switch (random.nextInt(4)) {
            case 0 -> "scope: span, " + policy(depth, chance, true);
            case 1 -> "scope: root, " + policy(depth, chance, true);
            default -> policy(depth, chance, false);
        };
    }

    private String policy(int depth, boolean chance, boolean ofSpan) {
        int kinds = depth > 0 ? 15 : 10;
        return switch (random.nextInt(kinds)) {
            case 0 -> "status: [" + one("ok", "error", "unset") + "]";
            case 1 -> "latency: { at-least: " + random.nextInt(4) + "s }";
            case 2 -> "latency: { at-least: 1s, at-most: " + (1 + random.nextInt(4)) + "s }";
            case 3 -> "string: { key: " + key() + place() + ", values: ['" + value() + "', '" + value() + "'] }";
            case 4 ->
                "string: { key: " + key() + ", " + one("contains", "starts-with", "ends-with", "matches") + ": x }";
            case 5 -> "number: { key: " + key() + place() + ", at-least: " + random.nextInt(4) + " }";
            case 6 -> "boolean: { key: " + key() + place() + ", value: " + random.nextBoolean() + " }";
            case 7 -> chance ? "ratio: 0." + (1 + random.nextInt(9)) : "trace-flags: { sampled: true }";
            case 8 ->
                ofSpan ? "trace-flags: { sampled: false }" : "span-count: { at-least: " + random.nextInt(5) + " }";
            case 9 -> ofSpan ? "trace-state: { key: a, values: [x] }" : "span-count: { at-most: 4 }";
            case 10 -> "not: { " + policy(depth - 1, false, ofSpan) + " }";
            case 11, 12 -> "and: " + list(depth, chance, ofSpan);
            default -> "or: " + list(depth, chance, ofSpan);
        };
    }

    private String list(int depth, boolean chance, boolean ofSpan) {
        StringJoiner list = new StringJoiner(", ", "[ ", " ]");
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            list.add("{ " + policy(depth - 1, chance, ofSpan) + " }");
        }
        return list.toString();
    }

    private String key() {
        return KEYS.get(random.nextInt(KEYS.size()));
    }

    private String value() {
        return VALUES.get(random.nextInt(VALUES.size()));
    }

    private String place() {
        return random.nextBoolean() ? "" : ", in: " + one("span", "resource", "scope", "event", "link");
    }

    private String one(String... of) {
        return of[random.nextInt(of.length)];
    }

    TestSpan span() {
        int start = random.nextInt(3000);
        TestSpan span = (random.nextInt(4) == 0 ? TestSpan.root() : TestSpan.span())
                .status(random.nextInt(3))
                .from(start, start + random.nextInt(2000) - 500)
                .flags(random.nextInt(2));
        for (int i = random.nextInt(4); i > 0; i--) {
            Object value = switch (random.nextInt(4)) {
                case 0 -> random.nextInt(5);
                case 1 -> random.nextBoolean();
                case 2 -> random.nextDouble() * 4;
                default -> value();
            };
            switch (random.nextInt(6)) {
                case 0 -> span.resource(key(), value);
                case 1 -> span.scope(key(), value);
                case 2 -> span.event(key(), value);
                case 3 -> span.link(key(), value);
                default -> span.with(key(), value);
            }
        }
        if (random.nextInt(4) == 0) {
            span.traceState("a=" + value() + ",b=y");
        }
        return span;
    }
}
