package dev.weir.pipeline;

import java.util.UUID;

/**
 * What a gateway marks its requests with, so that it knows them when a destination leads back to its own doors. Of each
 * process another one: gateways may stand in a row.
 *
 * @param id printable ASCII
 */
public record Hop(String id) {

    /** The header, and the key of gRPC metadata. */
    public static final String HEADER = "weir-hop";

    /** What the sender of such a request is told, which is this process. */
    public static final String REFUSAL =
            "this Weir sent this request itself: the endpoint of one of its destinations leads back to it";

    public static Hop ofThisProcess() {
        return new Hop(UUID.randomUUID().toString());
    }
}
