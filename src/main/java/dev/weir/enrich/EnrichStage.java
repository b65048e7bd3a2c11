package dev.weir.enrich;

import dev.weir.enrich.identity.Caller;
import dev.weir.enrich.identity.Callers;
import dev.weir.enrich.identity.Trust;
import dev.weir.enrich.kubernetes.Pods;
import dev.weir.enrich.senders.Senders;
import dev.weir.otlp.AttributeSieve;
import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Signal;
import dev.weir.pipeline.Stage;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says who sent what came, adds what Kubernetes knows of its pod, puts the proxies' words into the semantic conventions, takes
 * out what nobody is to see and the proxies' spans of telemetry on its way here. A request in which nothing changes goes on as
 * it came. Holds nothing.
 */
public final class EnrichStage implements Stage {

    /** The reason under which spans that trace the delivery of telemetry to us are dropped. */
    static final String SELF_TELEMETRY = "self_telemetry";

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Stage next;
    private final MemoryBudget budget;
    private final Ledger ledger;
    private final Callers callers;
    private final CustomTags tags;
    private final AttributeSieve sieve;
    private final ThreadLocal<RequestEnricher> enrichers;

    /**
     * @param mesh what stands in front, and what of it may be believed
     * @param redact what no backend is to see
     * @param attributes what is set or taken out besides
     * @param environment the value of an environment variable; null when there is none of that name
     * @param ports on which telemetry is taken in
     * @param pods of the cluster
     * @param senders is told who sends how much
     * @param budget where requests that are written anew are charged
     * @param ledger counts what is dropped
     * @param next takes what goes on
     */
    public EnrichStage(
            MeshConfig mesh,
            RedactConfig redact,
            AttributesConfig attributes,
            UnaryOperator<@Nullable String> environment,
            Collection<Integer> ports,
            Pods pods,
            Senders senders,
            MemoryBudget budget,
            Ledger ledger,
            Stage next) {
        this.budget = budget;
        this.ledger = ledger;
        this.next = next;
        EnrichRules rules = new EnrichRules(mesh, redact, attributes, environment, ports);
        callers = new Callers(trust(mesh));
        tags = rules.tags;
        sieve = rules.sieve;
        enrichers = ThreadLocal.withInitial(() -> new RequestEnricher(rules, pods, new SenderNotes(senders)));
    }

    /** Catches the spans that a payload must not be called plain for. */
    public AttributeSieve sieve() {
        return sieve;
    }

    /** The headers that the doors must keep, in lower case. */
    public static Set<String> headers(MeshConfig mesh) {
        return Callers.headers(meshOf(mesh), CustomTags.headers(mesh.customTags()));
    }

    /** Whose word about senders is taken, as a line for whoever starts Weir. */
    public static String belief(MeshConfig mesh) {
        String relays = mesh.relays()
                .filter(list -> !list.isEmpty())
                .map(list -> "; " + list.size() + " relays may speak for others")
                .orElse("");
        String believed = switch (mesh.kind()) {
            case NONE -> "no mesh is believed: senders are named by their client certificates only";
            case ISTIO ->
                "senders are named by Istio's x-forwarded-client-cert, when it was written for "
                        + Stream.concat(
                                        mesh.identity().stream(),
                                        mesh.waypoints().stream().flatMap(List::stream))
                                .collect(Collectors.joining(" or "));
            case LINKERD -> "senders are named by Linkerd's l5d-client-id";
        };
        return believed + relays;
    }

    private static Trust trust(MeshConfig mesh) {
        return new Trust(
                meshOf(mesh),
                mesh.identity().orElse(null),
                Set.copyOf(mesh.waypoints().orElse(List.of())),
                Set.copyOf(mesh.relays().orElse(List.of())));
    }

    private static Trust.Mesh meshOf(MeshConfig mesh) {
        return switch (mesh.kind()) {
            case NONE -> Trust.Mesh.NONE;
            case ISTIO -> Trust.Mesh.ISTIO;
            case LINKERD -> Trust.Mesh.LINKERD;
        };
    }

    @Override
    public void accept(Payload payload) {
        Signal signal = payload.signal();
        Caller caller = callers.of(payload.sender());
        RequestEnricher enricher = enrichers.get();
        enricher.notes().begin(payload, caller);
        int dropped = enricher.plan(payload, caller, tags.values(payload.sender()));
        enricher.notes().end(payload.items(), payload.bytes().length);
        if (!enricher.isChanged()) {
            enricher.forget();
            next.accept(payload);
            return;
        }
        if (enricher.isTooLong()) {
            enricher.forget();
            payload.ack().refuse(tooLong(payload.bytes().length));
            return;
        }
        int kept = payload.items() - dropped;
        if (kept == 0 && dropped > 0) {
            enricher.forget();
            ledger.dropped(signal, SELF_TELEMETRY, dropped);
            payload.ack().accept();
            return;
        }
        // The request as it came is charged until it is settled; so is, for as long, what it becomes.
        long charge = enricher.length();
        if (!budget.tryReserve(MemoryBudget.Use.RECEIVE, charge)) {
            enricher.forget();
            payload.ack()
                    .refuse(Refusal.retryable(
                            Refusal.Reason.MEMORY, "no memory for the request with what is added to it", RETRY));
            return;
        }
        byte[] enriched;
        try {
            enriched = enricher.build();
        } catch (RuntimeException | Error e) { // no memory after all: whoever called tells the sender
            budget.release(MemoryBudget.Use.RECEIVE, charge);
            enricher.forget();
            throw e;
        }
        EnrichAck ack = new EnrichAck(payload.ack(), signal, dropped, charge, budget, ledger);
        try {
            next.accept(new Payload(signal, enriched, kept, payload.sender(), payload.receivedNanos(), ack));
        } catch (RuntimeException | Error e) { // stages never throw; should one, nothing stays charged
            if (!ack.isSettled()) {
                ack.refuse(Refusal.retryable(Refusal.Reason.MEMORY, "the request could not be processed", RETRY));
            }
            throw e;
        }
    }

    private static Refusal tooLong(int bytes) {
        return Refusal.permanent(
                Refusal.Reason.TOO_LARGE,
                String.format(
                        Locale.ROOT,
                        "a request of %,d bytes has so many resources that it would become many times as long;"
                                + " put what is of one resource under one",
                        bytes));
    }

    /** Nothing is held. */
    @Override
    public void drain(Deadline deadline) {}
}
