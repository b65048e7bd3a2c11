package dev.weir.sample.policy;

import java.util.List;
import java.util.Random;

/** Conditions of the part of CEL that is translated, and traces that fulfil about half of them. */
final class RandomConditions {

    private static final List<String> KEYS = List.of("a", "b", "c");
    private static final List<String> TEXTS = List.of("", "x", "xy", "yx", "Ω", "5", "true");
    private static final List<String> NUMBERS =
            List.of("0", "-1", "5", "5.0", "4.5", "-0.0", "9007199254740993", "1e300");
    private static final List<String> PATTERNS = List.of("^x", "y$", "[0-9]", "x.*y", "");
    private static final List<String> ORDERS = List.of("==", "!=", "<", "<=", ">", ">=");
    private static final List<String> DURATIONS = List.of("0s", "1ms", "-5ms", "5ms", "1ns", "200000h");

    private final Random random;

    RandomConditions(long seed) {
        random = new Random(seed);
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    String condition() {
        return trace(3);
    }

    private String trace(int depth) {
        if (depth > 0 && random.nextInt(3) > 0) {
            return switch (random.nextInt(4)) {
                case 0 -> "!(" + trace(depth - 1) + ")";
                case 1 -> "(" + trace(depth - 1) + " && " + trace(depth - 1) + ")";
                case 2 -> "(" + trace(depth - 1) + " || " + trace(depth - 1) + ")";
                default -> "(" + trace(depth - 1) + " ? " + trace(depth - 1) + " : " + trace(depth - 1) + ")";
            };
        }
        return switch (random.nextInt(9)) {
            case 0, 1 -> "spans.exists(s, " + span("s", 2) + ")";
            case 2 -> "spans.all(s, " + span("s", 2) + ")";
            case 3 -> "spans.exists_one(x, " + span("x", 1) + ")";
            case 4 -> compared("spans.filter(s, " + span("s", 2) + ").size()", one(List.of("0", "1", "2", "-1")));
            case 5 -> compared("trace.duration", "duration('" + one(DURATIONS) + "')");
            case 6 -> compared(one(List.of("trace.span_count", "size(spans)")), one(List.of("1", "2", "3")));
            case 7 ->
                random.nextBoolean()
                        ? compared("trace.error_count", one(List.of("0", "1", "2")))
                        : "trace.error_count " + one(List.of("<", ">=")) + " 1.5";
            default -> leaf("trace.root");
        };
    }

    private String compared(String left, String right) {
        String order = one(ORDERS);
        return random.nextInt(4) > 0 ? left + " " + order + " " + right : right + " " + order + " " + left;
    }

    private String span(String span, int depth) {
        if (depth > 0 && random.nextInt(3) > 0) {
            return switch (random.nextInt(4)) {
                case 0 -> "!(" + span(span, depth - 1) + ")";
                case 1 -> "(" + span(span, depth - 1) + " && " + span(span, depth - 1) + ")";
                case 2 -> "(" + span(span, depth - 1) + " || " + span(span, depth - 1) + ")";
                default ->
                    "(" + span(span, depth - 1) + " ? " + span(span, depth - 1) + " : " + span(span, depth - 1) + ")";
            };
        }
        return leaf(span);
    }

    private String leaf(String span) {
        String key = one(KEYS);
        String attribute =
                span + one(List.of(".attributes['" + key + "']", ".attributes." + key, ".resource['" + key + "']"));
        return switch (random.nextInt(13)) {
            case 0, 1 -> compared(attribute, one(NUMBERS));
            case 2 -> equality(attribute, "'" + one(TEXTS) + "'");
            case 3 -> equality(attribute, one(List.of("true", "false")));
            case 4 -> attribute + " in [" + one(NUMBERS) + ", '" + one(TEXTS) + "', true]";
            case 5 -> searched(attribute);
            case 6 -> searched(span + ".name");
            case 7 -> equality(span + ".name", "'" + one(TEXTS) + "'");
            case 8 ->
                random.nextBoolean()
                        ? equality(span + ".kind", "'" + one(ConditionLanguage.KINDS) + "'")
                        : span + ".kind in ['server', 'client']";
            case 9 -> equality(span + ".status", "'" + one(ConditionLanguage.STATUSES) + "'");
            case 10 -> compared(span + ".duration", "duration('" + one(DURATIONS) + "')");
            case 11 ->
                one(List.of(
                        "'" + key + "' in " + span + ".attributes",
                        "has(" + span + ".resource." + key + ")",
                        attribute,
                        attribute + " && " + span + ".is_root"));
            default -> one(List.of(span + ".is_root", span + ".is_root == false"));
        };
    }

    private String equality(String left, String right) {
        return left + one(List.of(" == ", " != ")) + right;
    }

    private String searched(String text) {
        return random.nextInt(4) == 0
                ? text + ".matches('" + one(PATTERNS) + "')"
                : text + "." + one(List.of("startsWith", "endsWith", "contains")) + "('" + one(TEXTS) + "')";
    }

    TestSpan[] trace() {
        TestSpan[] spans = new TestSpan[1 + random.nextInt(4)];
        int root = random.nextInt(spans.length + 1);
        for (int i = 0; i < spans.length; i++) {
            TestSpan span = i == root ? TestSpan.root() : TestSpan.span();
            span.name(one(TEXTS)).kind(random.nextInt(7)).status(random.nextInt(3));
            span.from(random.nextInt(3), random.nextInt(9));
            for (String key : KEYS) {
                if (random.nextInt(3) > 0) {
                    span.with(key, value());
                }
                if (random.nextInt(3) == 0) {
                    span.resource(key, value());
                }
            }
            spans[i] = span;
        }
        return spans;
    }

    private Object value() {
        return switch (random.nextInt(8)) {
            case 0 -> one(List.of(0L, 5L, -1L, 9007199254740993L));
            case 1 -> one(List.of(5.0, 4.5, -0.0, 9007199254740992.0, Double.NaN, Double.POSITIVE_INFINITY, 1e300));
            case 2 -> random.nextBoolean();
            case 3 -> List.of("x", 5);
            case 4 -> new byte[] {1};
            default -> one(TEXTS);
        };
    }
}
