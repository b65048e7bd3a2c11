package dev.weir.otlp;

/** Bytes or text that are no OTLP request. Has no stack trace: it is the sender's fault, and senders may do it often. */
public final class OtlpFormatException extends Exception {

    private static final long serialVersionUID = 1L;

    private final long offset;
    private final boolean tooLarge;

    /**
     * @param offset where in the request the fault is, in bytes from its start; −1 when unknown
     * @param problem what is wrong, in English, without anything the sender wrote
     */
    public OtlpFormatException(long offset, String problem) {
        this(offset, offset < 0 ? problem : problem + " at byte " + offset, false);
    }

    private OtlpFormatException(long offset, String message, boolean tooLarge) {
        super(message, null, false, false);
        this.offset = offset;
        this.tooLarge = tooLarge;
    }

    /** A request that may be well formed, but is longer than a limit of that many bytes. */
    static OtlpFormatException tooLarge(int limit) {
        return new OtlpFormatException(-1, "request is over " + limit + " bytes as protobuf", true);
    }

    /** Where in the request the fault is, in bytes from its start; −1 when unknown. */
    public long offset() {
        return offset;
    }

    /** Whether a size limit was passed, rather than the format broken. */
    public boolean isTooLarge() {
        return tooLarge;
    }
}
