package dev.weir.otlp;

/** Bytes or text that are no OTLP request. Has no stack trace: it is the sender's fault, and senders may do it often. */
public final class OtlpFormatException extends Exception {

    private static final long serialVersionUID = 1L;

    private final long offset;

    /**
     * @param offset where in the request the fault is, in bytes from its start; −1 when unknown
     * @param problem what is wrong, in English, without anything the sender wrote
     */
    public OtlpFormatException(long offset, String problem) {
        super(offset < 0 ? problem : problem + " at byte " + offset, null, false, false);
        this.offset = offset;
    }

    /** Where in the request the fault is, in bytes from its start; −1 when unknown. */
    public long offset() {
        return offset;
    }
}
