package dev.weir.receive;

import dev.weir.pipeline.EventLog;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Says what should never happen to a request. One line of each kind and half minute, for a sender may send what finds a bug as often
 * as it likes; the whole stack for who asks.
 */
final class Bugs {

    private static final Logger LOG = Logger.getLogger(Bugs.class);
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final EventLog log = new EventLog(LOG::error, System::nanoTime, INTERVAL);

    /**
     * @param what became of a request, as in "a request cannot be decoded"
     * @param length of it in bytes; negative when it is not known any more
     */
    void tell(String what, Exchange exchange, int length, Throwable fault) {
        StackTraceElement[] stack = fault.getStackTrace();
        String where = stack.length == 0 ? "" : " at " + stack[0];
        log.warn(
                what + fault.getClass() + where,
                "a bug: a " + exchange.signal.label() + " request " + (length < 0 ? "" : "of " + length + " bytes ")
                        + what + ": " + fault.getClass().getName() + where);
        LOG.debug(what, fault);
    }

    /** Says how often what was left out came. */
    void summarise() {
        log.summarise();
    }
}
