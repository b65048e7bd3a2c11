package dev.weir.admin;

import dev.weir.export.store.Query;
import dev.weir.export.store.TraceStore;
import dev.weir.export.store.TraceSummary;
import dev.weir.pipeline.SlowSteps;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the embedded store keeps. */
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
public final class TracesResource {

    private static final Pattern TRACE_ID = Pattern.compile("[0-9a-fA-F]{32}");

    private final Optional<TraceStore> store;
    private final SlowSteps slowSteps;

    TracesResource(Optional<TraceStore> store, SlowSteps slowSteps) {
        this.store = store;
        this.slowSteps = slowSteps;
    }

    /** Every service with a kept trace. */
    @GET
    @Path("/services")
    public Services services() {
        return new Services(store().services());
    }

    /** Summaries of the traces that match. */
    @GET
    @Path("/traces")
    public FoundTraces search(@Context UriInfo uri) {
        TraceStore from = store();
        Query query = SearchParameters.parse(uri.getQueryParameters());
        long begun = System.nanoTime();
        List<TraceSummary> found = from.search(query);
        slowSteps.ended(
                "search",
                begun,
                span -> span.setAttribute("query", query.toString()).setAttribute("found", found.size()));
        return FoundTraces.of(found);
    }

    /** One trace as OTLP JSON, {@code {"resourceSpans":[…]}}. */
    @GET
    @Path("/traces/{id}")
    public StreamingOutput trace(@PathParam("id") String id) {
        TraceStore from = store();
        if (!TRACE_ID.matcher(id).matches()) {
            throw new BadParameterException("id", id, "a trace id of 32 hex digits");
        }
        byte[] trace = from.trace(id).orElseThrow(() -> new NotFoundException("trace " + id + " is not in the store"));
        return out -> TraceJson.write(trace, out);
    }

    private TraceStore store() {
        return store.orElseThrow(
                () -> new NotFoundException(
                        "the embedded store is off: it keeps traces when no destination is configured, or with weir.store.enabled: true"));
    }

    /** @param services sorted */
    public record Services(List<String> services) {

        public Services {
            services = List.copyOf(services);
        }
    }
}
