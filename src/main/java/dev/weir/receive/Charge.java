package dev.weir.receive;

/** What one request holds of its sender's account. One owner at a time; handed over with the request. */
final class Charge {

    private final Admission.Account account;
    private long bytes;
    /** What it would have held, had it got what it was last refused. */
    private long wanted;

    Charge(Admission.Account account) {
        this.account = account;
    }

    /** Takes more, or nothing when it is false. */
    boolean take(long more) {
        if (more > 0 && !account.tryTake(more)) {
            wanted = bytes + more;
            return false;
        }
        bytes += more;
        return true;
    }

    void release(long less) {
        if (less > 0) {
            account.release(less);
            bytes -= less;
        }
    }

    void releaseAll() {
        release(bytes);
    }

    long bytes() {
        return bytes;
    }

    /** Whether what was last refused is more than its sender could get if it were alone: in vain to try again. */
    boolean isBeyondReach() {
        return wanted > account.most();
    }

    /** What it would have held, had it got what it was last refused. */
    long wanted() {
        return wanted;
    }
}
