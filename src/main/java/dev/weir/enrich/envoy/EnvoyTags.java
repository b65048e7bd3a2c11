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
                    ClusterName::convert,
                    List.of(
                            "server.address",
                            "server.port",
                            "peer.service",
                            "mesh.destination.subset",
                            "mesh.passthrough",
                            "mesh.blackhole"),
                    Fate.KEPT),
            Row.kept("guid:x-request-id", Texts::samplingReason, "mesh.sampling.reason"),
            new Row(
                    List.of("response_flags"),
                    When.ALWAYS,
                    ResponseFlags::convert,
                    List.of("envoy.response_flags", "error.type"),
                    Fate.KEPT_IF_SAID),
            Row.replaced(
                    "grpc.status_code",
                    GrpcStatus::convert,
                    "rpc.response.status_code",
                    "rpc.system.name",
                    "error.type"),
            Row.replaced("grpc.path", Texts::rpcMethod, "rpc.method", "rpc.system.name"),
            Row.replaced("http.status_code", Numbers::httpStatus, "http.response.status_code", "error.type"),
            Row.replaced("http.url", Texts::text, "url.full"),
            Row.replaced("http.method", Texts::httpMethod, "http.request.method", "http.request.method_original"),
            Row.replaced("http.protocol", Texts::protocol, "network.protocol.name", "network.protocol.version"),
            Row.replaced("user_agent", Texts::text, "user_agent.original"),
            Row.replaced("request_size", Numbers::count, "http.request.body.size"),
            Row.replaced("response_size", Numbers::count, "http.response.body.size"),
            Row.replaced("zone", Texts::text, "cloud.availability_zone"),
            Row.kept("istio.cluster_id", Texts::setText, "k8s.cluster.name"));

    /** Apart from the others, because it can be turned off. */
    static final Row PEER_ADDRESS = new Row(
            List.of("peer.address"),
            When.SERVER_OR_UPSTREAM,
            PeerAddress::convert,
            List.of("network.peer.address", "network.peer.port"),
            Fate.REPLACED);

    private EnvoyTags() {}
}
