package dev.weir.receive;

import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Signal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One export request over HTTP. */
final class HttpExchange extends Exchange {

    private final HttpServerRequest request;
    private final HttpPeer peer;
    private final HttpResponder responder;
    private final Intake intake;
    private final DoorCounters counters;
    private final Encoding encoding;
    private final boolean json;
    private final int maxMessageSize;
    private @Nullable Segments body;
    private boolean bodyEnded;
    private boolean held;

    HttpExchange(
            HttpServerRequest request,
            HttpPeer peer,
            HttpResponder responder,
            Intake intake,
            DoorCounters counters,
            Signal signal,
            Encoding encoding,
            boolean json,
            Duration bodyTime,
            int maxMessageSize) {
        super(intake, counters, signal, peer.sender(json, request), new Charge(peer.account()), peer.watch(), bodyTime);
        this.request = request;
        this.peer = peer;
        this.responder = responder;
        this.intake = intake;
        this.counters = counters;
        this.encoding = encoding;
        this.json = json;
        this.maxMessageSize = maxMessageSize;
    }

    /** Admits the body and starts to read it, or refuses at once. */
    void start(long contentLength) {
        request.handler(this::read);
        request.endHandler(end -> ended());
        request.exceptionHandler(gone -> cancelled());
        // also when it is reset after its body has come
        request.response().exceptionHandler(gone -> cancelled());
        request.response().closeHandler(gone -> cancelled());
        if (intake.isRefusing()) {
            refuseEarly(Refusals.draining());
        } else if (contentLength > maxMessageSize) {
            refuseEarly(Refusals.tooLarge(maxMessageSize));
        } else if (contentLength >= 0) {
            long needed = contentLength
                    + (json && encoding == Encoding.IDENTITY ? Transcoding.roomFor(contentLength, maxMessageSize) : 0);
            if (needed > intake.admission().mostOfOne()) {
                refuseEarly(intake.refusals().neverFits(needed));
            } else if (charge.take(contentLength)) {
                intake.makeRoom(this, (int) contentLength, encoding == Encoding.IDENTITY && !json);
            } else {
                refuseEarly(intake.refusals().noMemory(charge));
            }
        } else {
            // What is compressed is shorter than what it holds, but for a little when it is incompressible.
            body = new Segments(charge, (int) Math.min(Integer.MAX_VALUE - 8, maxMessageSize + 1024L));
        }
        if (!isFinished() && "100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            request.response().writeContinue();
        }
    }

    /** Takes nothing more from the sender until there is room. */
    void hold() {
        held = true;
        request.pause();
    }

    /** Reads the body, which is so long, into this. */
    void fill(byte[] room, int bytes) {
        if (!isFinished() && !bodyEnded) {
            body = Segments.ofKnownLength(charge, room, bytes);
        }
        goOn();
    }

    private void goOn() {
        if (held) {
            held = false;
            request.resume();
        }
    }

    @Override
    int maxMessageSize() {
        return maxMessageSize;
    }

    @Override
    void answerAccepted(int rejected, String message) {
        String field = switch (signal) {
            case TRACES -> "rejectedSpans";
            case METRICS -> "rejectedDataPoints";
            case LOGS -> "rejectedLogRecords";
        };
        responder.success(request, peer, HttpAnswers.success(rejected, message, field, json), json);
        peer.answered();
    }

    @Override
    void answerRefused(Refusal refusal) {
        body = null;
        goOn();
        responder.refusal(request, peer, refusal, json, !bodyEnded);
        peer.answered();
    }

    @Override
    void answerTooSlow() {
        body = null;
        goOn();
        responder.refusal(request, peer, Refusals.tooSlow(), json, true);
        peer.answered();
    }

    @Override
    void reset() {
        request.response().reset();
        peer.answered();
    }

    private void read(Buffer bytes) {
        counters.bytes(bytes.length());
        Segments into = body;
        if (into == null) {
            return;
        }
        try {
            int at = 0;
            while (at < bytes.length()) {
                byte[] room = into.room();
                int length = Math.min(into.left(), bytes.length() - at);
                bytes.getBytes(at, at + length, room, into.offset());
                into.wrote(length);
                at += length;
            }
        } catch (StoppedException e) {
            body = null;
            refuseEarly(intake.refusals().of(e, this));
        }
    }

    private void ended() {
        if (bodyEnded) {
            return;
        }
        bodyEnded = true;
        peer.bodyEnded();
        Segments whole = body;
        body = null;
        if (whole == null || isFinished()) {
            return;
        }
        if (encoding == Encoding.IDENTITY && whole.size() > maxMessageSize) {
            refuseEarly(Refusals.tooLarge(maxMessageSize));
        } else {
            dispatch(whole, encoding, json);
        }
    }

    private void cancelled() {
        if (!bodyEnded) {
            bodyEnded = true;
            peer.bodyEnded();
        }
        body = null;
        if (!isFinished()) {
            abandon("cancelled");
            peer.answered();
        }
    }
}
