package dev.weir.receive;

/** What one request holds of its sender's account. One owner at a time; handed over with the request. */
final class Charge {

    private final Admission.Account account;
    private long bytes;

    Charge(Admission.Account account) {
        this.account = account;
    }

    /** Takes more, or nothing when it is false. */
    boolean take(long more) {
        if (more > 0 && !account.tryTake(more)) {
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
}
