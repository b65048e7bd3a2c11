package dev.weir.enrich.envoy;

import dev.weir.enrich.envoy.Row.Fate;
import dev.weir.enrich.envoy.Row.When;
import java.util.List;

/**
 * Envoy's tags and what becomes of them. The order matters where rows write the same attribute: the first one that has it
 * counts, so {@code error.type} is the response flag before it is a status.
 *
 * <p>Tags that Kiali reads are never replaced: {@code node_id}, {@code hostname}, {@code upstream_cluster} and all of
 * {@code istio.*}. The id of the request stays because operators search for it, the flags because they find them by it.
 */
final class EnvoyTags {

    static final String UPSTREAM_ADDRESS = "upstream_address";

    static final List<Row> ROWS = List.of(
            new Row(
                    List.of("upstream_cluster", "upstream_cluster.name"),
                    When.ALWAYS,
                    Conversion.CLUSTER,
                    List.of(
                            "server.address",
                            "server.port",
                            "peer.service",
                            "mesh.destination.subset",
                            "mesh.passthrough",
                            "mesh.blackhole"),
                    Fate.KEPT,
                    true),
            Row.kept("guid:x-request-id", Conversion.SAMPLING_REASON, "mesh.sampling.reason"),
            new Row(
                    List.of("response_flags"),
                    When.ALWAYS,
                    Conversion.RESPONSE_FLAGS,
                    List.of("envoy.response_flags", "error.type"),
                    Fate.KEPT_IF_SAID,
                    false),
            Row.replaced(
                    "grpc.status_code",
                    Conversion.GRPC_STATUS,
                    "rpc.response.status_code",
                    "rpc.system.name",
                    "error.type"),
            Row.replaced("grpc.path", Conversion.RPC_METHOD, "rpc.method", "rpc.system.name"),
            Row.replaced("http.status_code", Conversion.HTTP_STATUS, "http.response.status_code", "error.type"),
            Row.replaced("http.url", Conversion.TEXT, "url.full"),
            Row.replaced("http.method", Conversion.HTTP_METHOD, "http.request.method", "http.request.method_original"),
            Row.replaced("http.protocol", Conversion.PROTOCOL, "network.protocol.name", "network.protocol.version"),
            Row.replaced("user_agent", Conversion.TEXT, "user_agent.original"),
            Row.replaced("request_size", Conversion.COUNT, "http.request.body.size"),
            Row.replaced("response_size", Conversion.COUNT, "http.response.body.size"),
            Row.replaced("zone", Conversion.TEXT, "cloud.availability_zone"),
            Row.kept("istio.cluster_id", Conversion.SET_TEXT, "k8s.cluster.name"));

    /** Apart from the others, because it can be turned off. */
    static final Row PEER_ADDRESS = new Row(
            List.of("peer.address"),
            When.SERVER_OR_UPSTREAM,
            Conversion.PEER_ADDRESS,
            List.of("network.peer.address", "network.peer.port"),
            Fate.REPLACED,
            true);

    private EnvoyTags() {}
}
