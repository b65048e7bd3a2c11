package dev.weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Mutated requests: refused with {@link OtlpFormatException}, or read by protobuf too; everything else is a bug. Runs
 * 3 s, or {@code -Dweir.fuzz.seconds}; {@code -Dweir.fuzz.seed} repeats one.
 */
class RequestScannerFuzzTest {

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
        } while (fixed == null && System.nanoTime() < end);
        System.out.println("fuzzed " + runs + " requests, " + accepted + " accepted");
        if (fixed == null) {
            assertThat(accepted).as("accepted of %d", runs).isBetween(1L, runs - 1);
        }
    }

    private boolean mutateAndCompare(long seed) throws OtlpFormatException {
        Random random = new Random(seed);
        RequestType type = RequestType.values()[random.nextInt(3)];
        byte[] bytes = mutate(new GeneratedRequests(seed).request(type).toByteArray(), random);
        int items;
        try {
            items = scanner.scan(type, bytes);
        } catch (OtlpFormatException e) {
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
        return true;
    }

    /** Whatever the scanner lets through, the others must take. */
    private void exercise(RequestType type, byte[] bytes, int items) throws OtlpFormatException {
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
            }
            assertThat(spans).isEqualTo(items + scanner.rejected());
        }
        bytes = scanner.withoutRejected();
        assertThat(scanner.scan(type, bytes)).isEqualTo(items);
        assertThat(scanner.rejected()).isZero();
        RequestMerger merger = new RequestMerger(type);
        merger.add(bytes, items);
        merger.add(bytes, items);
        assertThat(merger.bytes()).isEqualTo(2L * bytes.length);
        byte[] merged = merger.build();
        assertThat(merged.length).isLessThanOrEqualTo(2 * bytes.length);
        assertThat(scanner.scan(type, merged)).isEqualTo(2 * items);
        List<RequestSplitter.Part> parts = RequestSplitter.split(type, merged, Math.max(1, merged.length / 5));
        int split = 0;
        for (RequestSplitter.Part part : parts) {
            assertThat(scanner.scan(type, part.bytes())).isEqualTo(part.items());
            split += part.items();
        }
        assertThat(split).isEqualTo(2 * items);
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
