package dev.weir.enrich.senders;

import dev.weir.pipeline.Signal;
import java.util.EnumMap;
import java.util.Map;

/**
 * How much somebody sent.
 *
 * @param signals those of which there was any
 * @param mismatches requests in which something claims to be of another than the verified sender
 */
public record SenderVolume(Map<Signal, Counts> signals, long mismatches) {

    static final SenderVolume NONE = new SenderVolume(Map.of(), 0);

    public SenderVolume {
        signals = Map.copyOf(signals);
    }

    /** Over all signals. */
    public long bytes() {
        return signals.values().stream().mapToLong(Counts::bytes).sum();
    }

    SenderVolume plus(SenderVolume other) {
        Map<Signal, Counts> sum = new EnumMap<>(Signal.class);
        sum.putAll(signals);
        other.signals.forEach((signal, counts) -> sum.merge(signal, counts, Counts::plus));
        return new SenderVolume(sum, mismatches + other.mismatches);
    }

    /**
     * Of one signal.
     *
     * @param requests that a verified sender sent; of one that is only claimed, resources in requests
     * @param items spans, data points or log records
     * @param bytes of protobuf, after decompression
     */
    public record Counts(long requests, long items, long bytes) {

        Counts plus(Counts other) {
            return new Counts(requests + other.requests, items + other.items, bytes + other.bytes);
        }
    }
}
