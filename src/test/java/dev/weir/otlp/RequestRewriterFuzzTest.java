package dev.weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Mutated requests that the scanner takes, rewritten at random: what comes out is a request with the items that were to stay,
 * and {@link SpanSamplingView} reads of spans what {@link TraceView} reads. {@code -Dweir.fuzz.seed} repeats one.
 */
class RequestRewriterFuzzTest {

    private static final int RUNS = 40_000;

    private final RequestScanner scanner = new RequestScanner();
    private final RequestRewriter rewriter = new RequestRewriter();
    private final SpanSamplingView sampling = new SpanSamplingView();
    private final LogSamplingView log = new LogSamplingView();
    private final TraceView view = new TraceView();

    @Test
    void shouldMakeRequestsOfRequests() throws Exception {
        Long fixed = Long.getLong("weir.fuzz.seed");
        long first = fixed != null ? fixed : System.nanoTime();
        int accepted = 0;
        for (long seed = first; seed < first + (fixed == null ? RUNS : 1); seed++) {
            try {
                accepted += rewrite(seed) ? 1 : 0;
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        if (fixed == null) {
            assertThat(accepted).isBetween(RUNS / 100, RUNS - 1);
        }
    }

    private boolean rewrite(long seed) throws OtlpFormatException {
        Random random = new Random(seed);
        RequestType type = random.nextInt(3) == 0 ? RequestType.LOGS : RequestType.TRACES;
        byte[] request = new GeneratedRequests(seed).request(type).toByteArray();
        for (int n = random.nextInt(3); n > 0 && request.length > 0; n--) {
            request[random.nextInt(request.length)] = (byte) random.nextInt();
        }
        try {
            scanner.scan(type, request);
        } catch (OtlpFormatException e) {
            return false;
        }
        byte[] valid = scanner.withoutRejected();
        int items = scanner.scan(type, valid);
        view.reset(valid);

        int mostlyKept = random.nextInt(3);
        int[] seen = {0};
        int kept = rewriter.plan(valid, (bytes, from, to, edit) -> {
            seen[0]++;
            if (type == RequestType.TRACES) {
                agree(bytes, from, to);
            }
            boolean stays = random.nextInt(3) <= mostlyKept;
            if (random.nextBoolean()) {
                change(type, bytes, from, to, edit);
            }
            return stays;
        });
        long length = rewriter.length();
        boolean changed = rewriter.isChanged();
        byte[] out = rewriter.build();

        assertThat(seen[0]).isEqualTo(items);
        assertThat(scanner.scan(type, out)).isEqualTo(kept);
        assertThat(scanner.rejected()).isZero();
        assertThat(out.length).isEqualTo((int) length);
        assertThat(out == valid).isEqualTo(!changed);
        return true;
    }

    private void agree(byte[] bytes, int from, int to) {
        assertThat(view.next()).isTrue();
        assertThat(view.spanStart()).isEqualTo(from);
        sampling.reset(bytes, from, to);
        assertThat(sampling.traceIdLow()).isEqualTo(view.span().traceIdLow());
        OtelTraceState expected = new OtelTraceState()
                .reset(bytes, view.span().traceStateStart(), view.span().traceStateEnd());
        assertThat(sampling.traceState().isMalformed()).isEqualTo(expected.isMalformed());
        assertThat(sampling.traceState().threshold()).isEqualTo(expected.threshold());
        assertThat(sampling.traceState().randomness()).isEqualTo(expected.randomness());
    }

    private void change(RequestType type, byte[] bytes, int from, int to, RequestRewriter.ItemEdit edit) {
        if (type == RequestType.TRACES) {
            sampling.reset(bytes, from, to).setThreshold(0x12345L << 36, edit);
        } else {
            log.reset(bytes, from, to).setThreshold(0x12345L << 36, edit);
        }
    }
}
