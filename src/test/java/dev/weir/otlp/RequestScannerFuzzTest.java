package dev.weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Mutated requests: refused with {@link OtlpFormatException}, or read by protobuf, merged, split and written as JSON too;
 * everything else is a bug. What is refused although generated protobuf reads it has one of {@link #STRICTER}'s reasons.
 * Runs 3 s, or {@code -Dweir.fuzz.seconds}; {@code -Dweir.fuzz.seed} repeats one.
 */
@Timeout(value = 1, unit = TimeUnit.DAYS) // as long as it is asked to
class RequestScannerFuzzTest {

    /**
     * Where the scanner is stricter than generated protobuf. Other parsers, the Collector's among them, refuse a request
     * with a wrong wire type, tags and lengths of over 32 bits or five bytes, integers of over 64 bits or ten bytes (of
     * the tenth, the generated ones look at one bit) and ids of a wrong size; OTLP has no groups; 32 messages are deep enough.
     */
    private static final Pattern STRICTER = Pattern.compile("field \\d+ of wire type \\d .*"
            + "|field number over 29 bits, or tag over 5 bytes .*"
            + "|length of over 5 bytes .*"
            + "|varint over (64 bits|10 bytes) .*"
            + "|wire type [34] is not used by OTLP .*"
            + "|messages nested over 32 deep .*"
            + "|exemplar whose ids are not of 16 and 8 bytes .*");

    /** Requests, however slow the machine is. */
    private static final int AT_LEAST = 500;

    private final RequestScanner scanner = new RequestScanner();
    private final TraceView view = new TraceView();
    private final AttributeView attributes = new AttributeView();

    @Test
    void shouldRefuseOrAgreeWithProtobuf() {
        Long fixed = Long.getLong("weir.fuzz.seed");
        long end = System.nanoTime() + Integer.getInteger("weir.fuzz.seconds", 3) * 1_000_000_000L;
        long seed = fixed != null ? fixed : System.nanoTime();
        long runs = 0;
        long accepted = 0;
        do {
            try {
                accepted += mutateAndCompare(seed) ? 1 : 0;
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed, e);
            }
            runs++;
            seed++;
        } while (fixed == null && (runs < AT_LEAST || System.nanoTime() < end));
        System.out.println("fuzzed " + runs + " requests, " + accepted + " accepted");
        if (fixed == null) {
            assertThat(accepted).as("accepted of %d", runs).isBetween(1L, runs - 1);
        }
    }

    private boolean mutateAndCompare(long seed) throws Exception {
        // Random begins nearly alike with neighbouring seeds.
        long spread = seed * 0x9e3779b97f4a7c15L;
        Random random = new Random(spread);
        RequestType type = RequestType.values()[random.nextInt(3)];
        Message sound = new GeneratedRequests(spread).request(type);
        byte[] bytes = random.nextBoolean()
                ? mutate(sound.toByteArray(), random)
                : RequestMutator.mutated(sound.toByteArray(), sound.getDescriptorForType(), random);
        int items;
        try {
            items = scanner.scan(type, bytes);
        } catch (OtlpFormatException e) {
            shouldHaveReason(type, bytes, e);
            return false;
        }
        Message parsed;
        try {
            parsed = parseWithoutUtf8(type, bytes);
        } catch (InvalidProtocolBufferException e) {
            return fail("scanned, but not parsed: " + e.getMessage());
        }
        if (parsed != null) {
            assertThat(items + scanner.rejected()).isEqualTo(GeneratedRequests.items(type, parsed));
        }
        exercise(type, bytes, items);
        byte[] kept = scanner.withoutRejected();
        write(type, kept);
        mergeAndSplit(type, kept, items);
        return true;
    }

    private static void shouldHaveReason(RequestType type, byte[] bytes, OtlpFormatException refusal) {
        try {
            if (parseWithoutUtf8(type, bytes) == null) {
                return;
            }
        } catch (InvalidProtocolBufferException e) {
            return;
        }
        boolean isLengthOver32Bits = refusal.getMessage().startsWith("length past the end")
                && Wire.varint(bytes, (int) refusal.offset()) >>> 31 != 0;
        assertThat(isLengthOver32Bits || STRICTER.matcher(refusal.getMessage()).matches())
                .as("protobuf reads it: %s", refusal.getMessage())
                .isTrue();
    }

    /** Whatever the scanner lets through, the others must take. */
    private void exercise(RequestType type, byte[] bytes, int items) {
        if (type == RequestType.TRACES) {
            view.reset(bytes);
            int spans = 0;
            while (view.next()) {
                spans++;
                attributes.reset(bytes, view.spanStart(), view.spanEnd(), AttributeView.OF_SPAN);
                while (attributes.next()) {
                    attributes.valueType();
                    attributes.longValue();
                }
                for (EventView event = new EventView().reset(view); event.next(); ) {
                    assertThat(event.eventEnd()).isLessThanOrEqualTo(view.spanEnd());
                }
                for (LinkView link = new LinkView().reset(view); link.next(); ) {
                    assertThat(link.linkEnd()).isLessThanOrEqualTo(view.spanEnd());
                }
            }
            assertThat(spans).isEqualTo(items + scanner.rejected());
        }
    }

    private void mergeAndSplit(RequestType type, byte[] bytes, int items) throws Exception {
        assertThat(scanner.scan(type, bytes)).isEqualTo(items);
        assertThat(scanner.rejected()).isZero();
        RequestMerger merger = new RequestMerger(type);
        merger.add(bytes, items);
        merger.add(bytes, items);
        assertThat(merger.bytes()).isEqualTo(2L * bytes.length);
        byte[] merged = merger.build().toArray();
        assertThat(merged.length).isLessThanOrEqualTo(2 * bytes.length);
        assertThat(scanner.scan(type, merged)).isEqualTo(2 * items);
        List<RequestSplitter.Part> parts = RequestSplitter.split(type, merged, Math.max(1, merged.length / 5));
        int split = 0;
        for (RequestSplitter.Part part : parts) {
            assertThat(scanner.scan(type, part.bytes())).isEqualTo(part.items());
            split += part.items();
        }
        assertThat(split).isEqualTo(2 * items);
        Message parsed = parseWithoutUtf8(type, bytes);
        if (parsed != null) {
            assertThat(ParsedItems.of(GeneratedRequests.parse(type, merged))).isEqualTo(ParsedItems.twice(parsed));
            int inParts = parts.stream()
                    .mapToInt(p -> GeneratedRequests.items(type, GeneratedRequests.parse(type, p.bytes())))
                    .sum();
            assertThat(inParts).isEqualTo(2 * items);
        }
    }

    private static void write(RequestType type, byte[] bytes) throws Exception {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            ProtobufToJson.write(type, bytes, 0, bytes.length, out);
        }
        assertThat(text.toString()).startsWith("{").endsWith("}");
    }

    /** Parses; null when only the UTF-8 of a string is at fault, which the scanner does not look at. */
    private static Message parseWithoutUtf8(RequestType type, byte[] bytes) throws InvalidProtocolBufferException {
        try {
            return GeneratedRequests.prototype(type).getParserForType().parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            if (e.getMessage().contains("UTF-8")) {
                return null;
            }
            throw e;
        }
    }

    private static byte[] mutate(byte[] bytes, Random random) {
        if (bytes.length == 0) {
            return bytes;
        }
        byte[] out = bytes.clone();
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            int at = random.nextInt(out.length);
            switch (random.nextInt(6)) {
                case 0 -> out[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> out[at] = (byte) random.nextInt();
                case 2 -> out[at] = (byte) 0xff;
                case 3 -> out[at] += (byte) (random.nextBoolean() ? 1 : -1);
                case 4 -> out = Arrays.copyOf(out, Math.max(1, at));
                default -> {
                    int to = random.nextInt(out.length);
                    System.arraycopy(out, at, out, to, Math.min(8, out.length - Math.max(at, to)));
                }
            }
        }
        return out;
    }
}
