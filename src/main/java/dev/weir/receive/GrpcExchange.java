package dev.weir.receive;

import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Sender;
import dev.weir.pipeline.Signal;
import io.grpc.KnownLength;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One Export call. */
final class GrpcExchange extends Exchange {

    private final ServerCall<InputStream, byte[]> call;
    private final GrpcTracer tracer;
    private final Intake intake;
    private final int maxMessageSize;
    private final @Nullable UnreadAnswers unread;
    private boolean answered;
    private byte @Nullable [] message;
    private boolean compressed;
    private boolean filling = true;

    GrpcExchange(
            ServerCall<InputStream, byte[]> call,
            GrpcTracer tracer,
            Intake intake,
            DoorCounters counters,
            Signal signal,
            Sender sender,
            Charge charge,
            @Nullable UnreadAnswers unread,
            LoopWatch watch,
            Duration body,
            int maxMessageSize) {
        super(intake, counters, signal, sender, charge, watch, body);
        this.call = call;
        this.tracer = tracer;
        this.intake = intake;
        this.maxMessageSize = maxMessageSize;
        this.unread = unread;
        tracer.belongsTo(this);
    }

    /** Whether bytes that come are still wanted. */
    boolean isFilling() {
        return filling;
    }

    void stopFilling() {
        filling = false;
    }

    void refuseForMemory() {
        message = null;
        refuseEarly(intake.refusals().noMemory(charge));
    }

    void refuseForSize() {
        message = null;
        refuseEarly(Refusals.tooLarge(maxMessageSize));
    }

    @Override
    int maxMessageSize() {
        return maxMessageSize;
    }

    @Override
    void answerAccepted(int rejected, String text) {
        answering();
        call.sendHeaders(new Metadata());
        call.sendMessage(PartialSuccess.protobuf(rejected, text));
        call.close(Status.OK, new Metadata());
    }

    @Override
    void answerRefused(Refusal refusal) {
        answering();
        com.google.rpc.Status status = Answers.status(refusal);
        Metadata trailers = StatusProto.toStatusRuntimeException(status).getTrailers();
        call.close(
                Status.fromCodeValue(status.getCode()).withDescription(status.getMessage()),
                trailers == null ? new Metadata() : trailers);
    }

    @Override
    void answerTooSlow() {
        stopFilling();
        answering();
        call.close(Status.DEADLINE_EXCEEDED.withDescription("the message has not come whole in time"), new Metadata());
    }

    @Override
    void reset() {
        if (!call.isCancelled()) {
            call.close(Status.INTERNAL.withDescription("the answer could not be made"), new Metadata());
        }
    }

    ServerCall.Listener<InputStream> listener() {
        return new ServerCall.Listener<>() {
            @Override
            public void onMessage(InputStream stream) {
                read(stream);
            }

            @Override
            public void onHalfClose() {
                if (filling) {
                    halfClosed();
                }
            }

            @Override
            public void onCancel() {
                stopFilling();
                abandon("cancelled");
            }
        };
    }

    /** Its last frame has gone out, or it was reset. */
    void streamClosed() {
        if (answered && unread != null) {
            answered = false;
            unread.sent();
        }
        abandon("cancelled");
    }

    private void answering() {
        answered = true;
        if (unread != null) {
            unread.answered();
        }
    }

    private void read(InputStream stream) {
        if (!filling) {
            return;
        }
        if (message != null) {
            endWith(Status.INTERNAL.withDescription("an Export call has one message"));
            return;
        }
        try {
            // grpc-java wraps what is marked as compressed, and then its length is not known
            compressed = !(stream instanceof KnownLength);
            byte[] bytes = new byte[compressed ? tracer.lastWireSize() : stream.available()];
            int read = stream.readNBytes(bytes, 0, bytes.length);
            if (read < bytes.length) {
                throw new IOException("the message is shorter than it said");
            }
            message = bytes;
        } catch (IOException e) {
            endWith(Status.INTERNAL.withDescription(e.getMessage()));
        }
    }

    private void halfClosed() {
        byte[] whole = message;
        if (whole == null) {
            endWith(Status.INTERNAL.withDescription("an Export call has one message, this one has none"));
            return;
        }
        message = null;
        filling = false;
        if (whole.length > maxMessageSize && !compressed) {
            refuseEarly(Refusals.tooLarge(maxMessageSize));
            return;
        }
        dispatch(Segments.ofWhole(charge, whole), compressed ? tracer.encoding() : Encoding.IDENTITY, false);
    }

    private void endWith(Status status) {
        stopFilling();
        if (!isFinished()) {
            abandon("protocol");
            call.close(status, new Metadata());
        }
    }
}
