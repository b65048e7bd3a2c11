package dev.weir.admin;

import dev.weir.enrich.senders.SenderStatus;
import dev.weir.enrich.senders.SenderVolume;
import dev.weir.enrich.senders.Senders;
import dev.weir.pipeline.Sender.Protocol;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Who sends how much of what. */
@Path("/api/senders")
@Produces(MediaType.APPLICATION_JSON)
public final class SendersResource {

    private static final int DEFAULT_LIMIT = 20;

    private final Senders senders;

    SendersResource(Senders senders) {
        this.senders = senders;
    }

    /** Those who sent most bytes first. */
    @GET
    public SendersAnswer senders(@Context UriInfo uri) {
        return SendersAnswer.of(senders.read(limit(uri.getQueryParameters())));
    }

    /** @throws BadParameterException for what is not a limit, once; an empty value is one that was not given */
    static int limit(Map<String, ? extends List<String>> given) {
        int limit = DEFAULT_LIMIT;
        for (Map.Entry<String, ? extends List<String>> entry : given.entrySet()) {
            List<String> values =
                    entry.getValue().stream().filter(value -> !value.isBlank()).toList();
            if (!entry.getKey().equals("limit")) {
                throw new BadParameterException(entry.getKey(), String.join(",", values), "no parameter but limit");
            }
            if (values.size() > 1) {
                throw new BadParameterException("limit", String.join(",", values), "the parameter once");
            }
            if (!values.isEmpty()) {
                limit = limit(values.getFirst());
            }
        }
        return limit;
    }

    private static int limit(String value) {
        try {
            int limit = Integer.parseInt(value);
            if (limit >= 1 && limit <= Senders.MOST) {
                return limit;
            }
        } catch (NumberFormatException e) { // answered below
        }
        throw new BadParameterException("limit", value, "a whole number from 1 to " + Senders.MOST);
    }

    /**
     * @param others who are not among the senders shown, together
     * @param known senders that have a place in the table
     * @param most places in the table
     * @param forgotten times that a sender left its place to one that sends more
     */
    @RegisterForReflection
    record SendersAnswer(List<SenderAnswer> senders, OthersAnswer others, int known, int most, long forgotten) {

        static SendersAnswer of(Senders.Reading reading) {
            return new SendersAnswer(
                    reading.senders().stream().map(SenderAnswer::of).toList(),
                    OthersAnswer.of(reading.others()),
                    reading.known(),
                    reading.most(),
                    reading.forgotten());
        }
    }

    /**
     * @param identity a SPIFFE id or another principal, {@code namespace/workload}, or an address
     * @param kind {@code verified}, {@code claimed} or {@code peer}
     * @param relay whether it forwards for others
     * @param firstSeen since it has its place in the table
     * @param bytes over all signals
     * @param mismatches requests in which something claims to be of another than the verified sender
     */
    @RegisterForReflection
    record SenderAnswer(
            String identity,
            String kind,
            boolean relay,
            List<String> protocols,
            Instant firstSeen,
            Instant lastSeen,
            long bytes,
            long mismatches,
            Map<String, SignalAnswer> signals) {

        static SenderAnswer of(SenderStatus status) {
            return new SenderAnswer(
                    status.key().name(),
                    status.key().kind().label(),
                    status.key().relay(),
                    status.protocols().stream().map(Protocol::label).sorted().toList(),
                    status.firstSeen(),
                    status.lastSeen(),
                    status.volume().bytes(),
                    status.volume().mismatches(),
                    SignalAnswer.of(status.volume()));
        }
    }

    /** What came from all who are not shown. */
    @RegisterForReflection
    record OthersAnswer(long bytes, long mismatches, Map<String, SignalAnswer> signals) {

        static OthersAnswer of(SenderVolume volume) {
            return new OthersAnswer(volume.bytes(), volume.mismatches(), SignalAnswer.of(volume));
        }
    }

    /**
     * @param requests of a sender that is only claimed: resources in requests
     * @param bytes of protobuf, after decompression
     */
    @RegisterForReflection
    record SignalAnswer(long requests, long items, long bytes) {

        static Map<String, SignalAnswer> of(SenderVolume volume) {
            Map<String, SignalAnswer> signals = new TreeMap<>();
            volume.signals()
                    .forEach((signal, counts) -> signals.put(
                            signal.label(), new SignalAnswer(counts.requests(), counts.items(), counts.bytes())));
            return signals;
        }
    }
}
