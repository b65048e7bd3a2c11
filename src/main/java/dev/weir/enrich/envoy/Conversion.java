package dev.weir.enrich.envoy;

/** How the text of a tag becomes attributes. Does not throw, whatever the text is. */
enum Conversion {
    CLUSTER,
    SAMPLING_REASON,
    RESPONSE_FLAGS,
    GRPC_STATUS,
    RPC_METHOD,
    HTTP_STATUS,
    HTTP_METHOD,
    PROTOCOL,
    COUNT,
    TEXT,
    /** But for what stands for "unset". */
    SET_TEXT,
    PEER_ADDRESS;

    /** Whether the text was understood; only then has anything been written. */
    boolean convert(byte[] b, int from, int to, Target out) {
        // Not a lambda a row: a call through an interface of a dozen classes costs as much as many a conversion.
        return switch (this) {
            case CLUSTER -> ClusterName.convert(b, from, to, out);
            case SAMPLING_REASON -> Texts.samplingReason(b, from, to, out);
            case RESPONSE_FLAGS -> ResponseFlags.convert(b, from, to, out);
            case GRPC_STATUS -> GrpcStatus.convert(b, from, to, out);
            case RPC_METHOD -> Texts.rpcMethod(b, from, to, out);
            case HTTP_STATUS -> Numbers.httpStatus(b, from, to, out);
            case HTTP_METHOD -> Texts.httpMethod(b, from, to, out);
            case PROTOCOL -> Texts.protocol(b, from, to, out);
            case COUNT -> Numbers.count(b, from, to, out);
            case TEXT -> Texts.text(b, from, to, out);
            case SET_TEXT -> Texts.setText(b, from, to, out);
            case PEER_ADDRESS -> PeerAddress.convert(b, from, to, out);
        };
    }
}
