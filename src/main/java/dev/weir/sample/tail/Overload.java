package dev.weir.sample.tail;

/**
 * What to do when more comes than can be held or sent, step by step, and back again. Pure: it is told how full things are,
 * a few times a second, and says what follows. For one thread at a time.
 *
 * <p>(1) The buffer fills: traces are decided earlier, the earlier the fuller it is. (2) It goes on filling, or the queues
 * do: of the traces that nothing is known of yet, only a share is let in, halved each second as long as that does not help.
 * (3) There is no room: requests are refused, and come again. Each step is left at a lower mark than it is entered at.
 */
final class Overload {

    /** Nothing is out of the ordinary. */
    static final int NONE = 0;

    static final int DECIDE_EARLIER = 1;
    static final int SAMPLE_AT_HEAD = 2;
    static final int REFUSE = 3;

    /** Shares of the buffer at which the steps are entered, and those under which they are left. */
    private static final double[] ENTER = {0, 0.75, 0.88, 0.97};

    private static final double[] LEAVE = {0, 0.65, 0.80, 0.92};

    private static final double QUEUES_ENTER = 0.95;
    private static final double QUEUES_LEAVE = 0.80;
    private static final long SECOND = 1_000_000_000L;

    /** At the most one trace in so many, as a power of two, is let in. */
    private static final int MOST_HALVINGS = 10;

    private final int longestWait;
    private int step;
    private int halvings;
    private long changedNanos;
    private double held;

    /** @param longestWait seconds that a trace is held at most */
    Overload(int longestWait) {
        this.longestWait = longestWait;
    }

    /**
     * @param heldShare used part of the buffer, 0 to 1
     * @param queuesShare used part of what queues may take, 0 to 1
     * @param nowNanos a monotonic clock
     * @return the step
     */
    int update(double heldShare, double queuesShare, long nowNanos) {
        held = heldShare;
        int next = step(heldShare);
        boolean queuesFull = queuesShare >= (halvings > 0 ? QUEUES_LEAVE : QUEUES_ENTER);
        if (queuesFull) {
            next = Math.max(next, SAMPLE_AT_HEAD);
        }
        boolean filling = heldShare >= ENTER[SAMPLE_AT_HEAD] || queuesShare >= QUEUES_ENTER;
        if (next >= SAMPLE_AT_HEAD) {
            if (halvings == 0) {
                halve(1, nowNanos);
            } else if (filling && nowNanos - changedNanos >= SECOND) {
                halve(halvings + 1, nowNanos);
            }
        } else if (halvings > 0 && nowNanos - changedNanos >= SECOND) {
            halve(halvings - 1, nowNanos);
        }
        step = halvings > 0 ? Math.max(next, SAMPLE_AT_HEAD) : next;
        return step;
    }

    /** How many seconds before their time traces are decided: 0 as long as there is room, all of the wait when there is none. */
    int secondsEarlier() {
        if (step == NONE) {
            return 0;
        }
        double part = (held - LEAVE[DECIDE_EARLIER]) / (ENTER[REFUSE] - LEAVE[DECIDE_EARLIER]);
        return (int) Math.ceil(longestWait * Math.clamp(part, 0, 1));
    }

    /**
     * T for traces that are neither held nor remembered, 56 bits: those whose randomness is less are sampled out. 0: all
     * are let in.
     */
    long headThreshold() {
        return halvings == 0 ? 0 : (1L << 56) - (1L << 56 - halvings);
    }

    boolean isRefusing() {
        return step == REFUSE;
    }

    /** {@link #NONE} to {@link #REFUSE}. */
    int step() {
        return step;
    }

    private int step(double share) {
        int next = NONE;
        for (int s = DECIDE_EARLIER; s <= REFUSE; s++) {
            if (share >= (step >= s ? LEAVE[s] : ENTER[s])) {
                next = s;
            }
        }
        return next;
    }

    private void halve(int times, long nowNanos) {
        halvings = Math.min(times, MOST_HALVINGS);
        changedNanos = nowNanos;
    }
}
