package dev.weir.enrich;

import dev.weir.enrich.identity.Caller;
import dev.weir.enrich.identity.SpiffeId;
import dev.weir.enrich.senders.SenderKey;
import dev.weir.enrich.senders.Senders;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Sender;
import dev.weir.pipeline.Sender.Protocol;
import dev.weir.pipeline.Signal;
import org.jspecify.annotations.Nullable;

/**
 * Counts a request: as its sender's, when that is verified, and else each resource as that of the workload which it says it is
 * of. Reusable; for one thread.
 */
final class SenderNotes {

    private final Senders senders;

    private Signal signal = Signal.TRACES;
    private Protocol protocol = Protocol.GRPC;
    private String peer = "";
    private @Nullable SenderKey verified;
    private boolean mismatch;
    private long now;

    SenderNotes(Senders senders) {
        this.senders = senders;
    }

    /** Begins with a request. */
    void begin(Payload payload, Caller caller) {
        senders.outcome(caller.outcome().label());
        signal = payload.signal();
        protocol = payload.sender().protocol();
        peer = payload.sender().peer();
        verified = verified(payload.sender(), caller);
        mismatch = false;
        now = System.currentTimeMillis();
    }

    /**
     * One of the request's resources.
     *
     * @param claimed whom it says it is of; null when it does not
     * @param differs whether that is another than the verified sender
     */
    void resource(@Nullable SenderKey claimed, int items, int bytes, boolean differs) {
        if (verified == null) {
            SenderKey key = claimed != null ? claimed : SenderKey.peer(peer);
            senders.note(key, protocol, signal, items, bytes, false, now);
        } else {
            mismatch |= differs;
        }
    }

    /** After its last resource. */
    void end(int items, int bytes) {
        if (verified != null) {
            senders.note(verified, protocol, signal, items, bytes, mismatch, now);
        }
    }

    /** By the mesh's word or the certificate; also a certificate that names no workload names the sender. */
    private static @Nullable SenderKey verified(Sender sender, Caller caller) {
        SpiffeId id = caller.verified();
        if (id != null) {
            return SenderKey.verified(id.uri(), caller.relay());
        }
        String principal = sender.principal();
        return principal == null || caller.outcome().isRefusal() ? null : SenderKey.verified(principal, false);
    }
}
