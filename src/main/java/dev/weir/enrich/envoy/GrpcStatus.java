package dev.weir.enrich.envoy;

import java.util.List;

/** The numeral of a gRPC status becomes its name. */
final class GrpcStatus {

    private static final List<String> STATUS = List.of(
            "OK",
            "CANCELLED",
            "UNKNOWN",
            "INVALID_ARGUMENT",
            "DEADLINE_EXCEEDED",
            "NOT_FOUND",
            "ALREADY_EXISTS",
            "PERMISSION_DENIED",
            "RESOURCE_EXHAUSTED",
            "FAILED_PRECONDITION",
            "ABORTED",
            "OUT_OF_RANGE",
            "UNIMPLEMENTED",
            "INTERNAL",
            "UNAVAILABLE",
            "DATA_LOSS",
            "UNAUTHENTICATED");

    private static final byte[][] NAMES = STATUS.stream().map(Texts::ascii).toArray(byte[][]::new);

    /** Those that the convention calls a server's errors: UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, and so on. */
    private static final int SERVER_ERRORS = 1 << 2 | 1 << 4 | 1 << 12 | 1 << 13 | 1 << 14 | 1 << 15;

    private GrpcStatus() {}

    static boolean convert(byte[] b, int from, int to, Target out) {
        int status = (int) Numbers.read(b, from, to, 2);
        if (status < 0 || status >= NAMES.length) {
            return false;
        }
        out.text(0, NAMES[status]);
        out.text(1, Texts.GRPC);
        if (out.isClient() ? status != 0 : (SERVER_ERRORS >> status & 1) != 0) {
            out.text(2, NAMES[status]);
        }
        return true;
    }
}
