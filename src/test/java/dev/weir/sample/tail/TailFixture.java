package dev.weir.sample.tail;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.pipeline.Ack;
import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Sender;
import dev.weir.pipeline.Signal;
import dev.weir.pipeline.Stage;
import dev.weir.sample.policy.PolicyReader;
import dev.weir.sample.policy.Rules;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A tail stage whose clock and decisions the test drives, and what stands around it. */
final class TailFixture implements AutoCloseable {

    static final long SECOND = 1_000_000_000L;
    private static final Sender SENDER = new Sender(Sender.Protocol.GRPC, null, "test:1", 1);

    final Ledger ledger = new Ledger();
    final MemoryBudget budget;
    final Next next = new Next();
    final AtomicLong nanos = new AtomicLong(77 * SECOND);
    final TailStage stage;
    volatile Rules rules;
    /** Of the last request; null when it was taken. */
    Refusal lastRefusal;

    TailFixture(String policies, TailSettings settings, long buffer, int shards) {
        budget = new MemoryBudget(buffer + (1 << 20), 0, 0, buffer);
        rules = rules(policies, null);
        stage = new TailStage(settings, buffer, shards, () -> rules, budget, ledger, next, nanos::get);
    }

    static TailSettings settings(int wait, int waitAfterRoot) {
        return new TailSettings(wait, waitAfterRoot, 1 << 20, 100_000, false, 1 << 20, 1 << 20, 0, false);
    }

    static Rules rules(String policies, Rules previous) {
        PolicyReader.Result read = PolicyReader.readFile(policies);
        assertThat(read.faults()).isEmpty();
        return Rules.compile(read.policies(), previous, System::nanoTime);
    }

    void reload(String policies) {
        rules = rules(policies, rules);
    }

    /** Lets time go by, and decides what is due then. */
    void tick(double seconds) {
        nanos.addAndGet((long) (seconds * SECOND));
        round();
    }

    void round() {
        boolean more = true;
        for (int i = 0; more; i++) {
            assertThat(i).isLessThan(100_000);
            more = stage.loop().round();
        }
    }

    boolean send(Span... spans) {
        return send(List.of(spans));
    }

    boolean send(List<Span> spans) {
        return send("shop", spans);
    }

    /** Whether the spans were taken. */
    boolean send(String service, List<Span> spans) {
        return send(request(service, spans), spans.size());
    }

    boolean send(byte[] request, int spans) {
        ledger.received(Signal.TRACES, spans);
        Answer answer = new Answer();
        stage.accept(new Payload(Signal.TRACES, request, spans, SENDER, System.nanoTime(), answer));
        assertThat(answer.isSettled()).isTrue();
        lastRefusal = answer.refusal;
        if (answer.refusal != null) {
            ledger.received(Signal.TRACES, -spans);
        }
        return answer.refusal == null;
    }

    static byte[] request(String service, List<Span> spans) {
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .setResource(Resource.newBuilder().addAttributes(attribute("service.name", service)))
                        .addScopeSpans(ScopeSpans.newBuilder().addAllSpans(spans)))
                .build()
                .toByteArray();
    }

    static KeyValue attribute(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    /** A span of a second, without parent. */
    static Span.Builder span(long traceHigh, long traceLow, long id) {
        return Span.newBuilder()
                .setTraceId(traceId(traceHigh, traceLow))
                .setSpanId(spanId(id))
                .setName("GET /")
                .setStartTimeUnixNano(1_000 * SECOND)
                .setEndTimeUnixNano(1_001 * SECOND);
    }

    static ByteString traceId(long high, long low) {
        return ByteString.copyFrom(
                ByteBuffer.allocate(16).putLong(high).putLong(low).flip());
    }

    static ByteString spanId(long id) {
        return ByteString.copyFrom(ByteBuffer.allocate(8).putLong(id).flip());
    }

    long held() {
        return ledger.read(Signal.TRACES).held();
    }

    long received() {
        return ledger.read(Signal.TRACES).received();
    }

    /** The law of conservation, and nothing held back once nothing is held. */
    void assertConserved() {
        assertThat(ledger.violations()).isEmpty();
    }

    @Override
    public void close() {
        stage.close();
        assertConserved();
        assertThat(stage.heldSpans()).isZero();
    }

    private static final class Answer extends Ack {
        Refusal refusal;

        @Override
        protected void onAccepted() {
            // refusal stays null
        }

        @Override
        protected void onRefused(Refusal why) {
            refusal = why;
        }
    }

    /** Takes what is kept, unless it was told to refuse. */
    final class Next implements Stage {

        /** So many requests are refused, to be tried again. */
        volatile int refusals;

        volatile boolean throwsOnce;
        /** Whether spans are parsed and kept. */
        volatile boolean reads = true;

        private final List<Payload> payloads = new ArrayList<>();
        private long items;

        @Override
        @SuppressWarnings("NonAtomicOperationOnVolatileField") // decisions are made by one thread
        public synchronized void accept(Payload payload) {
            if (throwsOnce) {
                throwsOnce = false;
                throw new IllegalStateException("a broken stage");
            }
            if (refusals > 0) {
                refusals--;
                payload.ack().refuse(Refusal.retryable(Refusal.Reason.QUEUE_FULL, "full", Duration.ofMillis(1)));
                return;
            }
            items += payload.items();
            if (reads) {
                payloads.add(payload);
            }
            ledger.delivered(Signal.TRACES, payload.items());
            payload.ack().accept();
        }

        @Override
        public void drain(Deadline deadline) {
            // nothing is held here
        }

        synchronized long items() {
            return items;
        }

        synchronized List<Span> spans() {
            List<Span> spans = new ArrayList<>();
            for (Payload payload : payloads) {
                try {
                    for (ResourceSpans resource :
                            ExportTraceServiceRequest.parseFrom(payload.bytes()).getResourceSpansList()) {
                        resource.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList()));
                    }
                } catch (InvalidProtocolBufferException e) {
                    throw new AssertionError(e);
                }
            }
            return spans;
        }

        Map<ByteString, List<Span>> traces() {
            Map<ByteString, List<Span>> traces = new HashMap<>();
            spans().forEach(span -> traces.computeIfAbsent(span.getTraceId(), id -> new ArrayList<>())
                    .add(span));
            return traces;
        }
    }
}
