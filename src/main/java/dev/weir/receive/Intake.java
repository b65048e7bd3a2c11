package dev.weir.receive;

import dev.weir.otlp.AttributeSieve;
import dev.weir.otlp.OtlpFormatException;
import dev.weir.otlp.RequestScanner;
import dev.weir.otlp.RequestType;
import dev.weir.pipeline.Hop;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.SlowSteps;
import dev.weir.pipeline.Stage;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a message that has come whole, whatever its door: decompressed, transcoded, validated, passed on. A
 * small one on its event loop; a big one by a few decoders, so that it does not hold up the loop's other senders.
 */
final class Intake implements AutoCloseable {

    private static final int BIG_PROTOBUF = 1 << 20;
    private static final int BIG_JSON = 256 << 10;
    private static final int BIG_ROOM = 1 << 20;

    private final Admission admission;
    private final Ledger ledger;
    private final Stage first;
    private final Duration answerWithin;
    private final SlowSteps slowSteps;
    private final Hop hop;
    private final Refusals refusals;
    private final Bugs bugs = new Bugs();
    private final Decoders decoders = new Decoders();
    private final SpareArray spare = new SpareArray();
    private final ThreadLocal<RequestScanner> scanner;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile boolean refusing;

    Intake(
            Admission admission,
            Ledger ledger,
            Stage first,
            Duration answerWithin,
            SlowSteps slowSteps,
            Hop hop,
            @Nullable AttributeSieve sieve) {
        this.admission = admission;
        this.refusals = new Refusals(admission);
        this.ledger = ledger;
        this.first = first;
        this.answerWithin = answerWithin;
        this.slowSteps = slowSteps;
        this.hop = hop;
        scanner = ThreadLocal.withInitial(() -> new RequestScanner(sieve));
    }

    Admission admission() {
        return admission;
    }

    Refusals refusals() {
        return refusals;
    }

    Bugs bugs() {
        return bugs;
    }

    Ledger ledger() {
        return ledger;
    }

    Duration answerWithin() {
        return answerWithin;
    }

    /** @param mark the value of {@link Hop#HEADER}; null when there is none */
    boolean isOurOwn(@Nullable String mark) {
        return hop.id().equals(mark);
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

    /** Settles the exchange, now or later. On its loop. */
    void take(Exchange exchange, Segments wire, Encoding encoding, boolean json) {
        int big = json ? BIG_JSON : BIG_PROTOBUF;
        Segments left = wire.size() > big ? wire : takeNow(exchange, wire, encoding, json, big);
        if (left != null && !decoders.offer(new Waiting(exchange, left, encoding, json))) {
            exchange.refuse(busy());
        }
    }

    /** Returns what is left to a decoder, because it would become too big for a loop. */
    private @Nullable Segments takeNow(Exchange exchange, Segments wire, Encoding encoding, boolean json, int big) {
        byte[] message = join(exchange, wire);
        if (message == null) {
            return null;
        }
        if (encoding == Encoding.IDENTITY) {
            decode(exchange, message, message.length, json);
            return null;
        }
        byte[] inflated = inflate(exchange, message, message.length, encoding, big);
        if (inflated != null) {
            decode(exchange, inflated, inflated.length, json);
            return null;
        }
        return exchange.isSettled() ? null : Segments.ofWhole(exchange.charge, message);
    }

    /**
     * Makes the array for a body that is to come. A small one now; a big one on another thread: clearing it takes long.
     *
     * @param kept whether the body is passed on as it comes, and not made into something else
     */
    void makeRoom(HttpExchange exchange, int bytes, boolean kept) {
        if (bytes <= BIG_ROOM) {
            exchange.fill(new byte[bytes], bytes);
            return;
        }
        exchange.hold();
        if (!decoders.offer(new Room(exchange, bytes, kept ? null : spare))) {
            exchange.refuseEarly(busy());
        }
    }

    private Refusal busy() {
        return decoders.isClosed() ? Refusals.draining() : Refusals.busy();
    }

    /** Whether its sender was answered, or has gone, while it waited: it would only be taken twice, when sent again. */
    private boolean isTooLate(Exchange exchange) {
        if (decoders.isClosed()) {
            exchange.refuse(Refusals.draining());
            return true;
        }
        if (!exchange.isFinished()) {
            return false;
        }
        exchange.refuse(Refusals.tooLate());
        return true;
    }

    /** Null when the exchange is refused. */
    private byte @Nullable [] join(Exchange exchange, Segments wire) {
        try {
            return wire.join();
        } catch (StoppedException e) {
            exchange.refuse(refusals.of(e, exchange));
            return null;
        } catch (OutOfMemoryError e) {
            exchange.refuse(Refusals.undecoded(e));
            return null;
        }
    }

    /** Null when the exchange is refused, or it is more than {@code giveUpAfter}. */
    private byte @Nullable [] inflate(Exchange exchange, byte[] wire, int length, Encoding encoding, int giveUpAfter) {
        try {
            byte[] inflated =
                    Inflation.inflate(encoding, wire, length, exchange.maxMessageSize(), giveUpAfter, exchange.charge);
            if (inflated != null) {
                exchange.charge.release(length);
            }
            return inflated;
        } catch (StoppedException e) {
            exchange.refuse(refusals.of(e, exchange));
            return null;
        } catch (RuntimeException | Error e) {
            // No input makes it throw these: a library that is missing does, or no memory.
            bugs.tell("cannot be decompressed", exchange, length, e);
            exchange.refuse(Refusals.unprocessed(e));
            return null;
        }
    }

    private void decode(Exchange exchange, byte[] message, int length, boolean json) {
        RequestType type = exchange.signal.requestType();
        Payload payload;
        try {
            byte[] protobuf = json ? Transcoding.transcode(exchange, type, message, length) : message;
            RequestScanner scan = scanner.get();
            int valid = scan.scan(type, protobuf);
            exchange.counted(valid, scan.rejections());
            if (valid == 0) {
                exchange.accept();
                return;
            }
            byte[] good = scan.rejected() == 0 ? protobuf : withoutRejected(exchange, scan);
            payload = new Payload(
                    exchange.signal, good, valid, exchange.sender, System.nanoTime(), exchange, !scan.isCaught());
        } catch (OtlpFormatException e) {
            exchange.refuse(
                    e.isTooLarge()
                            ? Refusals.tooLarge(exchange.maxMessageSize())
                            : Refusals.invalid(String.valueOf(e.getMessage())));
            return;
        } catch (StoppedException e) {
            exchange.refuse(refusals.of(e, exchange));
            return;
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            bugs.tell("cannot be decoded", exchange, length, e);
            exchange.refuse(Refusals.undecoded(e));
            return;
        }
        try {
            first.accept(payload);
        } catch (RuntimeException | Error e) {
            // Stages never throw; should one, its sender is told, and told to try again.
            bugs.tell("failed in a stage", exchange, length, e);
            if (!exchange.isSettled()) {
                exchange.refuse(Refusals.unprocessed(e));
            }
        }
    }

    /** A copy, charged beside the message that it is made from: that one may be in use for as long. */
    private static byte[] withoutRejected(Exchange exchange, RequestScanner scan) throws StoppedException {
        if (!exchange.charge.take(scan.lengthWithoutRejected())) {
            throw new StoppedException(Refusal.Reason.MEMORY);
        }
        return scan.withoutRejected();
    }

    /** Refuses what waits to be decoded. What is being decoded is refused when it is done. */
    @Override
    public void close() {
        decoders.close(Refusals.draining());
        bugs.summarise();
    }

    /** A big message. */
    private final class Waiting implements Decoders.Work {

        private final Exchange exchange;
        private final Segments wire;
        private final Encoding encoding;
        private final boolean json;

        Waiting(Exchange exchange, Segments wire, Encoding encoding, boolean json) {
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
            int length = wire.size();
            byte[] message = join(exchange, wire);
            if (message == null) {
                return;
            }
            if (encoding == Encoding.IDENTITY) {
                decode(exchange, message, length, json);
            } else {
                byte[] inflated = inflate(exchange, message, length, encoding, Integer.MAX_VALUE);
                if (inflated != null && !isTooLate(exchange)) {
                    decode(exchange, inflated, inflated.length, json);
                }
            }
            if (json || encoding != Encoding.IDENTITY) {
                spare.giveBack(message);
            }
            slowSteps.ended("decode", begun, span -> span.setAttribute("bytes", length));
        }

        @Override
        public void refuse(Refusal refusal) {
            exchange.refuse(refusal);
        }
    }
}
