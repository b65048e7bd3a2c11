package dev.weir.receive;

import dev.weir.otlp.JsonToProtobuf;
import dev.weir.otlp.OtlpFormatException;
import dev.weir.otlp.RequestScanner;
import dev.weir.otlp.RequestType;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Signal;
import dev.weir.pipeline.SlowSteps;
import dev.weir.pipeline.Stage;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a message that has come whole, whatever its door: decompressed, transcoded, validated, passed on. A
 * small one on its event loop; a big one by a few decoders, so that it does not hold up the loop's other senders.
 */
final class Intake implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Intake.class);
    private static final int BIG_PROTOBUF = 1 << 20;
    private static final int BIG_JSON = 256 << 10;
    private static final int BIG_ROOM = 1 << 20;
    /** Of what JSON is turned into, in bytes. */
    private static final int SMALLEST_ROOM = 1 << 10;

    private final Admission admission;
    private final Ledger ledger;
    private final Stage first;
    private final Duration answerWithin;
    private final SlowSteps slowSteps;
    private final Decoders decoders = new Decoders();
    private final ThreadLocal<RequestScanner> scanner = ThreadLocal.withInitial(RequestScanner::new);
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile boolean refusing;

    Intake(Admission admission, Ledger ledger, Stage first, Duration answerWithin, SlowSteps slowSteps) {
        this.admission = admission;
        this.ledger = ledger;
        this.first = first;
        this.answerWithin = answerWithin;
        this.slowSteps = slowSteps;
    }

    Admission admission() {
        return admission;
    }

    Ledger ledger() {
        return ledger;
    }

    Duration answerWithin() {
        return answerWithin;
    }

    void began() {
        inFlight.incrementAndGet();
    }

    void ended() {
        inFlight.decrementAndGet();
    }

    /** Requests that are not answered yet. */
    int inFlight() {
        return inFlight.get();
    }

    void refuseNew() {
        refusing = true;
    }

    boolean isRefusing() {
        return refusing;
    }

    Refusal draining() {
        return Refusal.retryable(Refusal.Reason.DRAINING, "shutting down", Admission.DEFAULT_RETRY);
    }

    /** After the charge was refused more. */
    Refusal noMemory(Charge charge) {
        if (charge.isBeyondReach()) {
            return neverFits(charge.wanted());
        }
        return Refusal.retryable(
                Refusal.Reason.MEMORY,
                "the memory for requests, or this sender's fair share of it, is used up",
                admission.retryAfter(charge.wanted() - charge.bytes()));
    }

    Refusal neverFits(long bytes) {
        return Refusal.permanent(
                Refusal.Reason.TOO_LARGE,
                "the message needs " + bytes + " bytes of memory and one sender can have " + admission.mostOfOne()
                        + "; send less at once, or raise weir.memory.limit");
    }

    private Refusal busy() {
        if (decoders.isClosed()) {
            return draining();
        }
        return Refusal.retryable(
                Refusal.Reason.MEMORY, "too many big messages are waiting to be decoded", Admission.DEFAULT_RETRY);
    }

    Refusal of(StoppedException stopped, Exchange exchange) {
        return switch (stopped.reason()) {
            case TOO_LARGE -> tooLarge(exchange.maxMessageSize());
            case INVALID -> Refusal.permanent(Refusal.Reason.INVALID, String.valueOf(stopped.getMessage()));
            default -> noMemory(exchange.charge);
        };
    }

    Refusal tooLarge(int limit) {
        return Refusal.permanent(
                Refusal.Reason.TOO_LARGE, "the message is over the limit of " + limit + " bytes after decompression");
    }

    /** Settles the exchange, now or later. On its loop. */
    void take(Exchange exchange, byte[] wire, Encoding encoding, boolean json) {
        int big = json ? BIG_JSON : BIG_PROTOBUF;
        byte[] message = wire;
        if (encoding != Encoding.IDENTITY && wire.length <= big) {
            byte[] inflated = inflate(exchange, wire, encoding, big);
            if (exchange.isSettled()) {
                return;
            }
            if (inflated != null) {
                decode(exchange, inflated, json);
                return;
            }
        } else if (wire.length <= big) {
            decode(exchange, message, json);
            return;
        }
        if (!decoders.offer(new Waiting(exchange, wire, encoding, json))) {
            exchange.refuse(busy());
        }
    }

    /** Makes the array for a body that is to come. A small one now; a big one on another thread: clearing it takes long. */
    void makeRoom(HttpExchange exchange, int bytes) {
        if (bytes <= BIG_ROOM) {
            exchange.fill(new byte[bytes]);
            return;
        }
        exchange.hold();
        if (!decoders.offer(new Room(exchange, bytes))) {
            exchange.refuseEarly(busy());
        }
    }

    /** What the protobuf of so many bytes of JSON is first given. Hardly any request comes to more than half of its text. */
    static long roomForJson(long bytes, int maxMessageSize) {
        return Math.min(maxMessageSize, bytes / 2 + SMALLEST_ROOM);
    }

    /** Whether its sender was answered, or has gone, while it waited: it would only be taken twice, when sent again. */
    private boolean isTooLate(Exchange exchange) {
        if (decoders.isClosed()) {
            exchange.refuse(draining());
            return true;
        }
        if (!exchange.isFinished()) {
            return false;
        }
        exchange.refuse(
                Refusal.retryable(Refusal.Reason.TIMEOUT, "waited too long to be decoded", Admission.DEFAULT_RETRY));
        return true;
    }

    /** Null when the exchange is refused, or it is more than {@code giveUpAfter}. */
    private byte @Nullable [] inflate(Exchange exchange, byte[] wire, Encoding encoding, int giveUpAfter) {
        try {
            byte[] inflated =
                    Inflation.inflate(encoding, wire, exchange.maxMessageSize(), giveUpAfter, exchange.charge);
            if (inflated != null) {
                exchange.charge.release(wire.length);
            }
            return inflated;
        } catch (StoppedException e) {
            exchange.refuse(of(e, exchange));
            return null;
        }
    }

    private void decode(Exchange exchange, byte[] message, boolean json) {
        RequestType type = type(exchange.signal);
        Payload payload;
        try {
            byte[] protobuf = json ? transcode(exchange, type, message) : message;
            if (exchange.isSettled()) {
                return;
            }
            RequestScanner scan = scanner.get();
            int valid = scan.scan(type, protobuf);
            exchange.counted(valid, scan.rejections());
            byte[] good = scan.rejected() == 0 ? protobuf : scan.withoutRejected();
            payload = new Payload(exchange.signal, good, valid, exchange.sender, System.nanoTime(), exchange);
        } catch (OtlpFormatException e) {
            exchange.refuse(
                    e.isTooLarge()
                            ? tooLarge(exchange.maxMessageSize())
                            : Refusal.permanent(Refusal.Reason.INVALID, String.valueOf(e.getMessage())));
            return;
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            LOG.errorf(e, "a %s request of %d bytes cannot be decoded", exchange.signal.label(), message.length);
            exchange.refuse(Refusal.permanent(Refusal.Reason.INVALID, "the message cannot be decoded"));
            return;
        }
        if (payload.items() == 0) {
            exchange.accept();
            return;
        }
        try {
            first.accept(payload);
        } catch (RuntimeException | Error e) {
            // Stages never throw; should one, its sender is told, and told to try again.
            LOG.errorf(e, "a stage failed on a %s request", exchange.signal.label());
            if (!exchange.isSettled()) {
                exchange.refuse(Refusal.retryable(
                        Refusal.Reason.TIMEOUT, "the request could not be processed", Admission.DEFAULT_RETRY));
            }
        }
    }

    private byte[] transcode(Exchange exchange, RequestType type, byte[] json) throws OtlpFormatException {
        int max = exchange.maxMessageSize();
        int room = (int) roomForJson(json.length, max);
        // small numbers grow most: 0 and a comma to eight bytes
        int most = (int) Math.min(max, 5L * json.length + SMALLEST_ROOM);
        if (!exchange.charge.take(room)) {
            exchange.refuse(noMemory(exchange.charge));
            return json;
        }
        byte[] protobuf;
        try {
            protobuf = JsonToProtobuf.transcode(type, json, 0, json.length, room);
        } catch (OtlpFormatException e) {
            if (!e.isTooLarge() || room == most) {
                throw e;
            }
            if (!exchange.charge.take(most - room)) {
                exchange.refuse(noMemory(exchange.charge));
                return json;
            }
            room = most;
            protobuf = JsonToProtobuf.transcode(type, json, 0, json.length, room);
        }
        exchange.charge.release(json.length + (long) (room - protobuf.length));
        return protobuf;
    }

    /** Refuses what waits to be decoded. What is being decoded is refused when it is done. */
    @Override
    public void close() {
        decoders.close(draining());
    }

    private record Room(HttpExchange exchange, int bytes) implements Decoders.Work {

        @Override
        public void run() {
            if (!exchange.isFinished()) {
                byte[] room = new byte[bytes];
                exchange.later(() -> exchange.fill(room));
            }
        }

        @Override
        public void refuse(Refusal refusal) {
            exchange.later(() -> exchange.refuseEarly(refusal));
        }
    }

    /** A big message. */
    private final class Waiting implements Decoders.Work {

        private final Exchange exchange;
        private final byte[] wire;
        private final Encoding encoding;
        private final boolean json;

        Waiting(Exchange exchange, byte[] wire, Encoding encoding, boolean json) {
            this.exchange = exchange;
            this.wire = wire;
            this.encoding = encoding;
            this.json = json;
        }

        @Override
        public void run() {
            if (isTooLate(exchange)) {
                return;
            }
            long begun = System.nanoTime();
            byte[] inflated =
                    encoding == Encoding.IDENTITY ? wire : inflate(exchange, wire, encoding, Integer.MAX_VALUE);
            if (inflated != null && !exchange.isSettled() && !isTooLate(exchange)) {
                decode(exchange, inflated, json);
            }
            slowSteps.ended("decode", begun, span -> span.setAttribute("bytes", wire.length));
        }

        @Override
        public void refuse(Refusal refusal) {
            exchange.refuse(refusal);
        }
    }

    static RequestType type(Signal signal) {
        return switch (signal) {
            case TRACES -> RequestType.TRACES;
            case METRICS -> RequestType.METRICS;
            case LOGS -> RequestType.LOGS;
        };
    }
}
