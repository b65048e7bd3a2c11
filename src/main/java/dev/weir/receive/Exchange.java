package dev.weir.receive;

import dev.weir.otlp.Rejection;
import dev.weir.pipeline.Ack;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Sender;
import dev.weir.pipeline.Signal;
import java.time.Duration;
import java.util.Map;

/**
 * One request at a door, from its first byte to its answer, and the return path of its payload.
 *
 * <p>It is answered once, on its event loop: by its acknowledgement, or before that because a time limit has passed or
 * the sender has gone. The acknowledgement still settles once and is counted then.
 */
abstract class Exchange extends Ack implements LoopWatch.Watched {

    final Signal signal;
    final Sender sender;
    final Charge charge;
    private final Intake intake;
    private final DoorCounters counters;
    private final LoopWatch watch;
    private final LoopWatch.Entry entry;
    private long deadline;

    /** Whole, and handed to the pipeline or a decoder, which settles it and gives back the charge. */
    private boolean dispatched;

    /** Written on the loop; a decoder looks whether it is still worth its work. */
    private volatile boolean finished;
    /** Of the request being settled; written before the ack is passed on. */
    private int items;

    private Map<Rejection, Integer> rejections = Map.of();

    Exchange(
            Intake intake,
            DoorCounters counters,
            Signal signal,
            Sender sender,
            Charge charge,
            LoopWatch watch,
            Duration body) {
        this.intake = intake;
        this.counters = counters;
        this.signal = signal;
        this.sender = sender;
        this.charge = charge;
        this.watch = watch;
        this.deadline = System.nanoTime() + body.toNanos();
        this.entry = watch.add(this);
        intake.began();
    }

    /** Sends success; {@code message} is empty when nothing was rejected. On the loop, once, instead of a refusal. */
    abstract void answerAccepted(int rejected, String message);

    /** On the loop, once, instead of success. */
    abstract void answerRefused(Refusal refusal);

    /** The message has not come whole in time. On the loop, once, instead of the other two. */
    abstract void answerTooSlow();

    /** Ends without an answer, so that the sender does not wait for it. On the loop, when one of the three has failed. */
    abstract void reset();

    /** The most bytes that its message may have after decompression. */
    abstract int maxMessageSize();

    /** The message is whole: from here on its acknowledgement answers. On the loop. */
    final void dispatch(Segments wire, Encoding encoding, boolean json) {
        if (finished) {
            charge.releaseAll();
            return;
        }
        dispatched = true;
        deadline = System.nanoTime() + intake.answerWithin().toNanos();
        intake.take(this, wire, encoding, json);
    }

    /** Refuses before the message is whole. On the loop. */
    final void refuseEarly(Refusal refusal) {
        if (!finished && !dispatched) {
            dispatched = true;
            refuse(refusal);
        }
    }

    /** Ends without an answer of ours: the sender has gone, or something that is not an export was answered. On the loop. */
    final void abandon(String outcome) {
        if (!finished) {
            finish(outcome);
        }
        if (!dispatched) {
            charge.releaseAll();
        }
    }

    /** Runs something on the loop, not now. */
    final void later(Runnable task) {
        watch.loop().execute(task);
    }

    final boolean isFinished() {
        return finished;
    }

    final boolean isDispatched() {
        return dispatched;
    }

    final void counted(int items, Map<Rejection, Integer> rejections) {
        this.items = items;
        this.rejections = rejections;
    }

    @Override
    public final void look(long now) {
        if (now - deadline < 0) {
            return;
        }
        if (dispatched) {
            answer(Refusal.retryable(
                    Refusal.Reason.TIMEOUT,
                    "no answer from the pipeline in time; the request may have been taken",
                    Admission.DEFAULT_RETRY));
        } else {
            finish("protocol");
            charge.releaseAll();
            answerOrReset(this::answerTooSlow);
        }
    }

    @Override
    protected final void onAccepted() {
        intake.ledger().received(signal, items);
        rejections.forEach((why, count) -> intake.ledger().rejected(signal, why.label(), count));
        charge.releaseAll();
        if (watch.loop().inEventLoop()) {
            answerAccepted();
        } else {
            watch.loop().execute(this::answerAccepted);
        }
    }

    @Override
    protected final void onRefused(Refusal refusal) {
        intake.ledger().refused(signal, refusal.reason(), items);
        charge.releaseAll();
        if (watch.loop().inEventLoop()) {
            answer(refusal);
        } else {
            watch.loop().execute(() -> answer(refusal));
        }
    }

    private void answerAccepted() {
        if (finished) {
            return;
        }
        int rejected = rejections.values().stream().mapToInt(Integer::intValue).sum();
        finish(rejected == 0 ? "accepted" : "partial");
        String message = rejected == 0 ? "" : PartialSuccess.message(rejections);
        answerOrReset(() -> answerAccepted(rejected, message));
    }

    private void answer(Refusal refusal) {
        if (!finished) {
            finish(refusal.reason().label());
            answerOrReset(() -> answerRefused(refusal));
        }
    }

    private void answerOrReset(Runnable answering) {
        try {
            answering.run();
        } catch (RuntimeException | Error e) {
            intake.bugs().tell("cannot be answered", this, -1, e);
            reset();
        }
    }

    private void finish(String outcome) {
        finished = true;
        watch.remove(entry);
        intake.ended();
        counters.request(outcome);
    }
}
