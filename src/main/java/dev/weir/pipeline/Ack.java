package dev.weir.pipeline;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The return path of a payload: settled exactly once, accepted or refused. Settling twice is a bug and throws.
 *
 * <p>May be settled by any thread; the subclass carries the answer back to its transport.
 */
public abstract class Ack {

    private static final VarHandle SETTLED;

    static {
        try {
            SETTLED = MethodHandles.lookup().findVarHandle(Ack.class, "settled", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // by SETTLED
    private volatile boolean settled;

    /** The pipeline has taken the whole payload. */
    public final void accept() {
        settle();
        onAccepted();
    }

    /** Nothing of the payload was taken. */
    public final void refuse(Refusal refusal) {
        settle();
        onRefused(refusal);
    }

    public final boolean isSettled() {
        return settled;
    }

    protected abstract void onAccepted();

    protected abstract void onRefused(Refusal refusal);

    private void settle() {
        if (!SETTLED.compareAndSet(this, false, true)) {
            throw new IllegalStateException("acknowledgement settled twice");
        }
    }
}
