package dev.weir.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.weir.sample.Reloading;
import dev.weir.sample.policy.ConditionStats;
import dev.weir.sample.policy.ConditionStatus;
import dev.weir.sample.policy.PolicyStats;
import dev.weir.sample.policy.PolicyStatus;
import dev.weir.sample.ratio.RatioSettings;
import dev.weir.sample.tail.TailSampling;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The policies in use, what each did, and reading them again. */
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
public final class PoliciesResource {

    private static final int UNPROCESSABLE = 422;

    private final Optional<TailSampling> tail;
    private final Reloading reloading;

    PoliciesResource(Optional<TailSampling> tail, Reloading reloading) {
        this.tail = tail;
        this.reloading = reloading;
    }

    /** In the order in which they are asked. */
    @GET
    @Path("/policies")
    public Policies policies() {
        return Policies.of(tail.orElseThrow(TailOff::exception));
    }

    /** Reads the policies and {@code sample.ratio} now. 422 when their file has faults: then nothing of it is used. */
    @POST
    @Path("/reload")
    public Response reload() {
        List<String> faults = reloading.reload();
        Policies policies = tail.map(Policies::of).orElse(null);
        return Response.status(faults.isEmpty() ? Response.Status.OK.getStatusCode() : UNPROCESSABLE)
                .entity(new Reloaded(
                        faults,
                        reloading.needRestart(),
                        Ratio.of(reloading.ratio()),
                        policies == null ? null : policies.generation(),
                        policies == null ? null : policies.reloads(),
                        policies == null ? null : policies.policies()))
                .build();
    }

    /**
     * @param faults of the files as they are now
     * @param needRestart keys that have changed and are not in use before a restart
     * @param ratio in use
     * @param generation with what follows, as in {@link Policies}; absent without tail sampling
     */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Reloaded(
            List<String> faults,
            List<String> needRestart,
            Ratio ratio,
            @Nullable Integer generation,
            @Nullable Long reloads,
            @Nullable List<PolicyAnswer> policies) {}

    /** {@code weir.sample.ratio}. */
    @RegisterForReflection
    record Ratio(double traces, double logs, String mode) {

        static Ratio of(RatioSettings settings) {
            return new Ratio(
                    settings.traces(), settings.logs(), settings.mode().name().toLowerCase(Locale.ROOT));
        }
    }

    /**
     * @param generation of the policies in use, from 1
     * @param reloads how often others took their place
     * @param faults of what stands in the file now and cannot be used
     */
    @RegisterForReflection
    record Policies(int generation, long reloads, List<String> faults, List<PolicyAnswer> policies) {

        static Policies of(TailSampling sampling) {
            return new Policies(
                    sampling.policies().current().generation(),
                    sampling.policies().reloads(),
                    sampling.policies().faults(),
                    sampling.policies().current().describe().stream()
                            .map(PolicyAnswer::of)
                            .toList());
        }
    }

    /**
     * @param why when it can decide early, or what it waits for
     * @param evaluated traces it was asked about
     * @param matched of those, the traces that fulfil its condition
     * @param kept of those, the traces it kept, with so many spans and bytes
     * @param conditions those of CEL in it; absent when it has none
     * @param wouldChange of a shadow: traces whose fate would have been the other one
     * @param costNanos of one evaluation, on average
     * @param keyValues of {@code per-key}: values that have a rate of their own
     */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PolicyAnswer(
            String name,
            boolean drop,
            boolean shadow,
            boolean decidesEarly,
            String why,
            long evaluated,
            long matched,
            long kept,
            long spans,
            long bytes,
            @Nullable Long wouldChange,
            double costNanos,
            @Nullable Integer keyValues,
            @Nullable List<ConditionAnswer> conditions) {

        static PolicyAnswer of(PolicyStatus status) {
            PolicyStats stats = status.stats();
            return new PolicyAnswer(
                    status.name(),
                    status.drop(),
                    status.shadow(),
                    status.decidesEarly(),
                    status.why(),
                    stats.evaluated(),
                    stats.matched(),
                    stats.kept(),
                    stats.spans(),
                    stats.bytes(),
                    status.shadow() ? stats.changed() : null,
                    stats.costNanos(),
                    status.keyValues().isEmpty() ? null : status.keyValues().getAsInt(),
                    status.conditions().isEmpty()
                            ? null
                            : status.conditions().stream()
                                    .map(ConditionAnswer::of)
                                    .toList());
        }
    }

    /**
     * @param translated whether it needs no more than other policies; the numbers are 0 then
     * @param evaluated traces over whose spans it was evaluated
     * @param failed of those, traces with which it failed
     * @param tooLarge traces that it was not evaluated for, because of their size
     */
    @RegisterForReflection
    record ConditionAnswer(String source, boolean translated, long evaluated, long failed, long tooLarge) {

        static ConditionAnswer of(ConditionStatus status) {
            ConditionStats stats = status.stats();
            return new ConditionAnswer(
                    status.source(), status.translated(), stats.evaluated(), stats.failed(), stats.tooLarge());
        }
    }
}
