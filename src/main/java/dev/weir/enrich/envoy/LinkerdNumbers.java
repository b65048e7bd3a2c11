package dev.weir.enrich.envoy;

import dev.weir.otlp.AttributeKeys;
import dev.weir.otlp.AttributeSlots;
import dev.weir.otlp.AttributeView.ValueType;
import dev.weir.otlp.AttributeWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * Linkerd's spans have the attributes of the conventions, but every value is a text: what the conventions say is an integer
 * becomes one, under its key. Immutable; allocates nothing for a span.
 */
public final class LinkerdNumbers {

    private record Range(String key, long low, long high) {}

    private static final List<Range> RANGES =
            List.of(new Range("http.response.status_code", 100, 599), new Range("server.port", 1, 0xffff));

    private static final int MOST_DIGITS = 5;

    /** Which spans are Linkerd's: those that say {@code inbound} or {@code outbound}. */
    public static final String DIRECTION = "direction";

    private static final byte[] INBOUND = Texts.ascii("inbound");
    private static final byte[] OUTBOUND = Texts.ascii("outbound");

    private final int direction;
    private final int[] keys;
    private final byte[][] names;

    /** @param table has all of {@link #keys} */
    public LinkerdNumbers(AttributeKeys table) {
        direction = table.of(DIRECTION);
        keys = RANGES.stream().mapToInt(range -> table.of(range.key())).toArray();
        names = RANGES.stream()
                .map(range -> range.key().getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
    }

    /** The keys that it looks at, each once; it writes under the same. */
    public static List<String> keys() {
        return Stream.concat(Stream.of(DIRECTION), RANGES.stream().map(Range::key))
                .toList();
    }

    /**
     * Replaces the texts that are numbers; a span that is not Linkerd's stays as it is.
     *
     * @param tags has read all attributes of a span
     * @param out is added to
     * @param cuts is told of the texts
     */
    public void translate(byte[] request, AttributeSlots tags, AttributeWriter out, Cuts cuts) {
        if (!tags.hasText(direction) || !isDirection(request, tags.textStart(), tags.textEnd())) {
            return;
        }
        for (int i = 0; i < keys.length; i++) {
            if (tags.value(keys[i]) == ValueType.STRING) {
                Range range = RANGES.get(i);
                long number = Numbers.read(request, tags.textStart(), tags.textEnd(), MOST_DIGITS);
                if (number >= range.low() && number <= range.high()) {
                    cuts.cut(tags.fieldStart(keys[i]), tags.fieldEnd(keys[i]));
                    out.integer(names[i], number);
                }
            }
        }
    }

    private static boolean isDirection(byte[] b, int from, int to) {
        byte[] expected = b[from] == 'i' ? INBOUND : OUTBOUND;
        return to - from == expected.length && Texts.startsWith(b, from, to, expected);
    }
}
