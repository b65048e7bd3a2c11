package dev.weir.sample.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The matcher against a slow reading of the same conditions, over messages of generated protobuf. */
class SpanMatcherModelTest {

    private static final int RUNS = 3_000;
    private static final List<String> KEYS = List.of("a", "bb", "http.route", "k".repeat(130), "k".repeat(129) + "x");
    private static final List<Object> VALUES = List.of(
            "",
            "x",
            "xy",
            "yx",
            "y".repeat(200),
            "UF,UO",
            "12",
            "-3",
            0,
            -3,
            12,
            Long.MAX_VALUE,
            1.5,
            12.0,
            Double.NaN,
            true,
            false,
            List.of("UF", "x"),
            List.of(),
            new byte[] {1});

    private final Random random = new Random(5);

    @Test
    void shouldSayOfEverySpanWhatASlowReadingSays() {
        int held = 0;
        int asked = 0;
        for (int run = 0; run < RUNS; run++) {
            List<SpanCondition> conditions = Stream.generate(() -> condition(3))
                    .limit(1 + random.nextInt(run % 50 == 0 ? 100 : 8))
                    .toList();
            Rules rules = Rules.compile(
                    List.of(new PolicyConfig(
                            "p",
                            new Conditioned(new TraceCondition.Or(conditions.stream()
                                    .map(c -> (TraceCondition) new TraceCondition.Count(c, 1, 9))
                                    .toList())))),
                    null,
                    System::nanoTime);
            SpanMatcher matcher = rules.newMatcher();
            List<SpanCondition> distinct = conditions.stream().distinct().toList();
            for (int i = 0; i < 4; i++) {
                TestSpan span = span();
                byte[] resource = span.resource.build().toByteArray();
                byte[] scope = span.scope.build().toByteArray();
                byte[] body = body(span.span.build());
                byte[] all = concat(concat(resource, scope), body);
                int scopeEnd = resource.length + scope.length;
                matcher.origin(all, 0, resource.length, resource.length, scopeEnd);
                matcher.span(all, scopeEnd, all.length);
                for (int c = 0; c < distinct.size(); c++) {
                    boolean expected = holds(distinct.get(c), span);
                    assertThat(matcher.count(c) == 1)
                            .as("run %d: %s of %s", run, distinct.get(c), span.span)
                            .isEqualTo(expected);
                    assertThat((matcher.bits(c >> 6) >>> c & 1) == 1).isEqualTo(expected);
                    held += expected ? 1 : 0;
                    asked++;
                }
            }
        }
        assertThat((double) held / asked).isBetween(0.1, 0.9);
    }

    /** Fields in the order written, or the last first. */
    private byte[] body(Span span) {
        if (random.nextBoolean()) {
            return span.toByteArray();
        }
        byte[] attributes = Span.newBuilder()
                .addAllAttributes(span.getAttributesList())
                .build()
                .toByteArray();
        return concat(attributes, span.toBuilder().clearAttributes().build().toByteArray());
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private record Conditioned(TraceCondition condition) implements Policy {}

    private SpanCondition condition(int depth) {
        return switch (random.nextInt(depth > 0 ? 13 : 9)) {
            case 0 -> new SpanCondition.Status(random.nextInt(8));
            case 1 -> new SpanCondition.Kind(random.nextInt(64));
            case 2 ->
                new SpanCondition.Duration(
                        random.nextInt(3) * 1_000_000L, random.nextBoolean() ? Long.MAX_VALUE : 5_000_000L);
            case 3 -> random.nextBoolean() ? new SpanCondition.Root() : new SpanCondition.Flags(1, random.nextInt(2));
            case 4 -> new SpanCondition.Name(test());
            case 5 -> new SpanCondition.TraceState("a", test());
            case 9 -> new SpanCondition.Not(condition(depth - 1));
            case 10, 11 -> new SpanCondition.And(conditions(depth - 1));
            case 12 -> new SpanCondition.Or(conditions(depth - 1));
            default ->
                new SpanCondition.Attribute(Place.values()[random.nextInt(Place.values().length)], one(KEYS), test());
        };
    }

    private List<SpanCondition> conditions(int depth) {
        return IntStream.range(0, random.nextInt(4))
                .mapToObj(i -> condition(depth))
                .toList();
    }

    private ValueTest test() {
        return switch (random.nextInt(10)) {
            case 0 -> new ValueTest.OneOf(texts());
            case 1 -> new ValueTest.Matches(one(List.of("^x", "y$", "^$", "y{100}", "[0-9]+")));
            case 2 -> new ValueTest.Prefix(one(List.of("x", "y", "")));
            case 3 -> new ValueTest.Suffix(one(List.of("x", "y", "")));
            case 4 -> new ValueTest.Contains(one(List.of("x", "yy", "")));
            case 5 -> new ValueTest.Elements(List.of("UF", "x"));
            case 6 -> new ValueTest.Truth(random.nextBoolean());
            case 7 -> new ValueTest.Exists();
            default ->
                new ValueTest.Range(bound(), random.nextBoolean(), bound(), random.nextBoolean(), random.nextBoolean());
        };
    }

    private List<String> texts() {
        return VALUES.stream()
                .filter(v -> v instanceof String && random.nextBoolean())
                .map(String.class::cast)
                .toList();
    }

    private BigDecimal bound() {
        return random.nextInt(3) == 0
                ? null
                : new BigDecimal(one(List.of("-3", "0", "1.5", "12", "9223372036854775807", "1e30", "0.1")));
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private TestSpan span() {
        int start = random.nextInt(10);
        TestSpan span = (random.nextBoolean() ? TestSpan.root() : TestSpan.span())
                .status(random.nextInt(3))
                .kind(random.nextInt(6))
                .flags(random.nextInt(2))
                .name(one(List.of("x", "xy", "")))
                .from(start, start + random.nextInt(10) - 2);
        if (random.nextBoolean()) {
            span.traceState(one(List.of("a=x,b=y", "b=xy , a=yx", "ab=x", "a=", "a")));
        }
        for (int i = random.nextInt(8); i > 0; i--) {
            Object value = one(VALUES);
            String key = one(KEYS);
            switch (random.nextInt(6)) {
                case 0 -> span.resource(key, value);
                case 1 -> span.scope(key, value);
                case 2 -> span.event(key, value);
                case 3 -> span.link(key, value);
                default -> span.with(key, value);
            }
        }
        return span;
    }

    private static boolean holds(SpanCondition condition, TestSpan of) {
        Span.Builder span = of.span;
        return switch (condition) {
            case SpanCondition.Attribute attribute ->
                attributes(attribute.place(), of).stream()
                        .anyMatch(kv -> kv.getKey().equals(attribute.key()) && holds(attribute.test(), kv.getValue()));
            case SpanCondition.Name name -> holds(name.test(), text(span.getName()));
            case SpanCondition.Kind kind -> (kind.mask() >> span.getKindValue() & 1) == 1;
            case SpanCondition.Status status ->
                (status.mask() >> span.getStatus().getCodeValue() & 1) == 1;
            case SpanCondition.Duration duration -> {
                long nanos = Math.max(0, span.getEndTimeUnixNano() - span.getStartTimeUnixNano());
                yield nanos >= duration.atLeast() && nanos <= duration.atMost();
            }
            case SpanCondition.Root _ -> span.getParentSpanId().isEmpty();
            case SpanCondition.Flags flags -> (span.getFlags() & flags.mask()) == flags.value();
            case SpanCondition.TraceState state ->
                Stream.of(span.getTraceState().split(",", -1))
                        .map(String::strip)
                        .filter(entry -> entry.startsWith(state.key() + "="))
                        .anyMatch(entry -> holds(
                                state.test(), text(entry.substring(state.key().length() + 1))));
            case SpanCondition.And and -> and.conditions().stream().allMatch(each -> holds(each, of));
            case SpanCondition.Or or -> or.conditions().stream().anyMatch(each -> holds(each, of));
            case SpanCondition.Not not -> !holds(not.condition(), of);
        };
    }

    private static AnyValue text(String text) {
        return AnyValue.newBuilder().setStringValue(text).build();
    }

    private static List<KeyValue> attributes(Place place, TestSpan of) {
        List<KeyValue> found = new ArrayList<>();
        if (place == Place.SPAN || place == Place.SPAN_OR_RESOURCE) {
            found.addAll(of.span.getAttributesList());
        }
        if (place == Place.RESOURCE || place == Place.SPAN_OR_RESOURCE) {
            found.addAll(of.resource.getAttributesList());
        }
        if (place == Place.SCOPE) {
            found.addAll(of.scope.getAttributesList());
        }
        if (place == Place.EVENT) {
            of.span.getEventsList().forEach(event -> found.addAll(event.getAttributesList()));
        }
        if (place == Place.LINK) {
            of.span.getLinksList().forEach(link -> found.addAll(link.getAttributesList()));
        }
        return found;
    }

    private static boolean holds(ValueTest test, AnyValue value) {
        boolean isText = value.hasStringValue();
        String text = value.getStringValue();
        return switch (test) {
            case ValueTest.OneOf oneOf -> isText && oneOf.values().contains(text);
            case ValueTest.Matches matches ->
                isText && Pattern.compile(matches.regex()).matcher(text).find();
            case ValueTest.Prefix prefix -> isText && text.startsWith(prefix.prefix());
            case ValueTest.Suffix suffix -> isText && text.endsWith(suffix.suffix());
            case ValueTest.Contains contains -> isText && text.contains(contains.part());
            case ValueTest.CharacterAt at ->
                isText && text.length() > at.index() && at.characters().indexOf(text.charAt(at.index())) >= 0;
            case ValueTest.Elements elements ->
                isText
                        ? Stream.of(text.split(",", -1)).map(String::strip).anyMatch(elements.values()::contains)
                        : value.getArrayValue().getValuesList().stream()
                                .anyMatch(each -> elements.values().contains(each.getStringValue()));
            case ValueTest.Range range -> inRange(range, value);
            case ValueTest.Truth truth -> value.hasBoolValue() && value.getBoolValue() == truth.value();
            case ValueTest.Exists _ -> value.getValueCase() != AnyValue.ValueCase.VALUE_NOT_SET;
        };
    }

    private static boolean inRange(ValueTest.Range range, AnyValue value) {
        BigDecimal number;
        if (value.hasIntValue()) {
            number = BigDecimal.valueOf(value.getIntValue());
        } else if (value.hasDoubleValue() && !Double.isNaN(value.getDoubleValue())) {
            number = new BigDecimal(value.getDoubleValue());
        } else if (range.numerals() && value.getStringValue().matches("-?[0-9]+")) {
            number = new BigDecimal(value.getStringValue());
        } else {
            return false;
        }
        return (range.low() == null || number.compareTo(range.low()) >= (range.lowIncluded() ? 0 : 1))
                && (range.high() == null || number.compareTo(range.high()) <= (range.highIncluded() ? 0 : -1));
    }
}
