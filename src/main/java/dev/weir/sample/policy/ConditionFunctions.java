package dev.weir.sample.policy;

import com.google.common.primitives.UnsignedLong;
import com.google.re2j.Pattern;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Comparisons in which a value may be absent, or of another type than asked for: they are false then, as in all other
 * policies, where CEL's own fail.
 */
final class ConditionFunctions {

    /** What stands for an absent value. */
    enum Absent {
        ABSENT
    }

    /** Attribute of a map, perhaps absent. */
    static final String GET = "weir_get";

    /** By the function of CEL that each stands for. */
    static final Map<String, String> COMPARISONS;

    private static final Map<String, ConditionLanguage.Comparison> IMPLEMENTATIONS;

    static {
        Map<String, String> names = new LinkedHashMap<>();
        Map<String, ConditionLanguage.Comparison> functions = new LinkedHashMap<>();
        add(names, functions, "_==_", "weir_equal", ConditionFunctions::equal);
        add(names, functions, "_!=_", "weir_unequal", (a, b) -> isPresent(a) && isPresent(b) && !equal(a, b));
        add(names, functions, "_<_", "weir_less", (a, b) -> order(a, b) == -1);
        add(names, functions, "_<=_", "weir_at_most", (a, b) -> order(a, b) <= 0);
        add(names, functions, "_>_", "weir_greater", (a, b) -> order(b, a) == -1);
        add(names, functions, "_>=_", "weir_at_least", (a, b) -> order(b, a) <= 0);
        add(names, functions, "@in", "weir_in", ConditionFunctions::in);
        add(names, functions, "startsWith", "weir_starts_with", text(String::startsWith));
        add(names, functions, "endsWith", "weir_ends_with", text(String::endsWith));
        add(
                names,
                functions,
                "contains",
                "weir_contains",
                text((a, b) -> searched(a).contains(b)));
        add(names, functions, "matches", "weir_matches", text(ConditionFunctions::finds));
        COMPARISONS = Map.copyOf(names);
        IMPLEMENTATIONS = functions;
    }

    private ConditionFunctions() {}

    private static void add(
            Map<String, String> names,
            Map<String, ConditionLanguage.Comparison> functions,
            String standsFor,
            String name,
            ConditionLanguage.Comparison function) {
        names.put(standsFor, name);
        functions.put(name, function);
    }

    static List<CelFunctionDecl> declarations() {
        List<CelFunctionDecl> declarations = new ArrayList<>();
        IMPLEMENTATIONS.forEach((name, _) -> declarations.add(ConditionLanguage.declaration(name, SimpleType.BOOL)));
        declarations.add(ConditionLanguage.declaration(GET, SimpleType.DYN));
        return declarations;
    }

    static List<CelFunctionBinding> bindings() {
        List<CelFunctionBinding> bindings = new ArrayList<>();
        IMPLEMENTATIONS.forEach((name, function) -> bindings.add(ConditionLanguage.binding(name, function)));
        bindings.add(ConditionLanguage.binding(GET, ConditionFunctions::get));
        return bindings;
    }

    /** A comparison, by the function of CEL that it stands for. */
    static boolean holds(String function, Object left, Object right) {
        ConditionLanguage.Comparison comparison = IMPLEMENTATIONS.get(COMPARISONS.getOrDefault(function, ""));
        return comparison != null && Boolean.TRUE.equals(comparison.of(left, right));
    }

    private static boolean isPresent(Object value) {
        return value != Absent.ABSENT;
    }

    private static Object get(Object container, Object key) {
        Object value = null;
        if (container instanceof Map<?, ?> map) {
            value = map.get(key);
        } else if (container instanceof List<?> list && key instanceof Long index) {
            value = index >= 0 && index < list.size() ? list.get(index.intValue()) : null;
        }
        return value == null ? Absent.ABSENT : value;
    }

    private static boolean equal(Object left, Object right) {
        if (left instanceof Number && right instanceof Number) {
            return order(left, right) == 0;
        }
        if (left instanceof List<?> a && right instanceof List<?> b) {
            if (a.size() != b.size()) {
                return false;
            }
            for (int i = 0; i < a.size(); i++) {
                if (!equal(a.get(i), b.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return isPresent(left) && left.equals(right);
    }

    /** −1, 0 or 1; 2 when there is no order between them. */
    private static int order(Object left, Object right) {
        if (left instanceof Number a && right instanceof Number b) {
            return numbers(a, b);
        }
        if (left instanceof String a && right instanceof String b) {
            return Integer.signum(a.compareTo(b));
        }
        if (left instanceof Duration a && right instanceof Duration b) {
            return Integer.signum(a.compareTo(b));
        }
        if (left instanceof Boolean a && right instanceof Boolean b) {
            return Boolean.compare(a, b);
        }
        return 2;
    }

    /** Exact, though one is an integer and the other a double. */
    private static int numbers(Number left, Number right) {
        if (left instanceof Long a && right instanceof Long b) {
            return Long.compare(a, b);
        }
        double a = left.doubleValue();
        double b = right.doubleValue();
        if (Double.isNaN(a) || Double.isNaN(b)) {
            return 2;
        }
        if (Double.isInfinite(a) || Double.isInfinite(b)) {
            return Double.compare(a, b);
        }
        return exact(left).compareTo(exact(right));
    }

    static BigDecimal exact(Number number) {
        return switch (number) {
            case Long integer -> BigDecimal.valueOf(integer);
            case UnsignedLong integer -> new BigDecimal(integer.bigIntegerValue());
            default -> new BigDecimal(number.doubleValue());
        };
    }

    private static boolean in(Object value, Object container) {
        if (container instanceof List<?> list && isPresent(value)) {
            for (Object each : list) {
                if (equal(value, each)) {
                    return true;
                }
            }
        }
        return container instanceof Map<?, ?> map && map.containsKey(value);
    }

    private interface TextTest {
        boolean holds(String text, String argument);
    }

    private static ConditionLanguage.Comparison text(TextTest test) {
        return (text, argument) -> text instanceof String a && argument instanceof String b && test.holds(a, b);
    }

    /** As much of a text as is searched. */
    private static String searched(String text) {
        if (text.length() <= ValueMatcher.MAX_SEARCHED / 3) {
            return text;
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int end = Math.min(utf8.length, ValueMatcher.MAX_SEARCHED);
        while (end < utf8.length && (utf8[end] & 0xc0) == 0x80) { // not inside a character
            end--;
        }
        return new String(utf8, 0, end, StandardCharsets.UTF_8);
    }

    private record Compiled(String regex, Pattern pattern) {}

    /** The pattern used last: nearly always it is the one used next. */
    private static volatile @Nullable Compiled last;

    /** Patterns written in the condition are checked when it is read; one that a trace brings must be as small. */
    private static boolean finds(String text, String regex) {
        Compiled compiled = last;
        if (compiled == null || !compiled.regex.equals(regex)) {
            if (RegexSize.of(regex) > RegexSize.MAX) {
                throw new IllegalArgumentException("the pattern is too large");
            }
            compiled = new Compiled(regex, Pattern.compile(regex));
            last = compiled;
        }
        return compiled.pattern.matcher(searched(text)).find();
    }
}
