package dev.weir.enrich.identity;

/** What came of the question who sent a request. All but {@link #NONE} and {@link #VERIFIED} are worth counting. */
public enum Outcome {
    /** Nothing that could be believed was said. */
    NONE("none"),
    /** The sender is known. */
    VERIFIED("verified"),
    /** The header is longer than is read. */
    TOO_LONG("too_long"),
    /** A quote of the header is not closed. */
    UNBALANCED("unbalanced"),
    /** The header does not follow its grammar. */
    MALFORMED("malformed"),
    /** The header's last element names two senders, or two receivers. */
    AMBIGUOUS("ambiguous"),
    /** The header came over TLS, which the proxy in front of us does not speak with us: the sender wrote it. */
    OVER_TLS("over_tls"),
    /** The header's last element was written by somebody whose word is not taken. */
    NOT_FOR_US("not_for_us"),
    /** The header's last element is sound, but what it names as the sender is no workload's identity. */
    NO_IDENTITY("no_identity");

    private final String label;

    Outcome(String label) {
        this.label = label;
    }

    /** As metrics name it. */
    public String label() {
        return label;
    }

    /** Whether something was said about the sender that is not believed. */
    public boolean isRefusal() {
        return this != NONE && this != VERIFIED;
    }
}
