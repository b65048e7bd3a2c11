package dev.weir.enrich.senders;

import dev.weir.pipeline.Sender.Protocol;
import java.time.Instant;
import java.util.Set;

/**
 * One sender at a moment.
 *
 * @param protocols it has used
 * @param firstSeen since it has its place in the table
 */
public record SenderStatus(
        SenderKey key, Set<Protocol> protocols, Instant firstSeen, Instant lastSeen, SenderVolume volume) {

    public SenderStatus {
        protocols = Set.copyOf(protocols);
    }
}
