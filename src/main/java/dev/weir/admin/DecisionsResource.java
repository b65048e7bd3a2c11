package dev.weir.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.weir.sample.tail.Explanation;
import dev.weir.sample.tail.Recalled;
import dev.weir.sample.tail.TailSampling;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Why a trace was kept or dropped. */
@Path("/api/decisions")
@Produces(MediaType.APPLICATION_JSON)
public final class DecisionsResource {

    private static final Pattern TRACE_ID = Pattern.compile("[0-9a-fA-F]{32}");

    private final Optional<TailSampling> tail;

    DecisionsResource(Optional<TailSampling> tail) {
        this.tail = tail;
    }

    /** The decision about one trace: in full while it is among the last ones, in outline while it is remembered. */
    @GET
    @Path("/{id}")
    public Decision decision(@PathParam("id") String id) {
        TailSampling sampling = tail.orElseThrow(TailOff::exception);
        if (!TRACE_ID.matcher(id).matches()) {
            throw new BadParameterException("id", id, "a trace id of 32 hex digits");
        }
        long high = Long.parseUnsignedLong(id.substring(0, 16), 16);
        long low = Long.parseUnsignedLong(id.substring(16), 16);
        Explanation explanation = sampling.stage().explain(high, low);
        if (explanation != null) {
            return Decision.of(id, explanation);
        }
        if (sampling.stage().isHeld(high, low)) {
            return Decision.held(id);
        }
        Recalled recalled = sampling.stage().recall(high, low);
        if (recalled != null) {
            return Decision.of(id, recalled);
        }
        throw new NotFoundException("trace " + id + " is not held, and no decision about it is remembered");
    }

    /**
     * @param outcome {@code kept}, {@code dropped}, or {@code held} when it is not decided yet; then there is nothing else
     * @param policy which decided; {@code none} when none matched, {@code fault} when they failed
     * @param generation of the policies, from 1
     * @param probability with which such traces are kept; absent when a ceiling made it unknown
     * @param threshold as {@code th} has it, up to 14 hex digits
     * @param reason why it was decided then
     * @param spans that the decision was about
     * @param lateSpans that came after it, and followed it
     * @param note what is missing, and why, or that the policies could not judge it; else absent
     */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Decision(
            String traceId,
            String outcome,
            @Nullable String policy,
            @Nullable Integer generation,
            @Nullable Double probability,
            @Nullable String threshold,
            @Nullable String reason,
            @Nullable Instant decidedAt,
            @Nullable Integer spans,
            @Nullable Long bytes,
            @Nullable Long lateSpans,
            @Nullable String note) {

        private static final int HEX_DIGITS = 14;
        private static final String FAULT = "fault";
        private static final String NOT_JUDGED =
                "the policies could not judge it, because of an error that is in the log: kept to be safe";

        static Decision held(String id) {
            return new Decision(id, "held", null, null, null, null, null, null, null, null, null, null);
        }

        static Decision of(String id, Explanation e) {
            return new Decision(
                    id.toLowerCase(Locale.ROOT),
                    e.kept() ? "kept" : "dropped",
                    e.policy(),
                    e.generation(),
                    e.isProbabilityKnown() ? e.probability() : null,
                    e.isProbabilityKnown() ? hex(e.threshold()) : null,
                    e.reason().label(),
                    e.decidedAt(),
                    e.spans(),
                    e.bytes(),
                    e.lateSpans(),
                    e.policy().equals(FAULT) ? NOT_JUDGED : null);
        }

        static Decision of(String id, Recalled r) {
            return new Decision(
                    id.toLowerCase(Locale.ROOT),
                    r.kept() ? "kept" : "dropped",
                    r.policy(),
                    null,
                    r.isProbabilityKnown() ? 1 - r.threshold() * 0x1p-56 : null,
                    r.isProbabilityKnown() ? hex(r.threshold()) : null,
                    r.isAtDoor() ? "overload" : null,
                    r.decidedAt(),
                    null,
                    null,
                    null,
                    note(r));
        }

        private static String note(Recalled r) {
            if (r.isAtDoor()) {
                return "memory or queues were full: it lost the dice at the door and was never held";
            }
            String forgotten = "decided, but the full explanation was forgotten";
            return r.policy().equals(FAULT) ? NOT_JUDGED + "; " + forgotten : forgotten;
        }

        /** Without the zeros at its end; {@code never} for a trace that no dice could have kept. */
        private static String hex(long threshold) {
            if (threshold >>> 4 * HEX_DIGITS != 0) {
                return "never";
            }
            String digits = "%014x".formatted(threshold).replaceFirst("0+$", "");
            return digits.isEmpty() ? "0" : digits;
        }
    }
}
