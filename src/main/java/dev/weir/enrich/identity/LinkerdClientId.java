package dev.weir.enrich.identity;

import org.jspecify.annotations.Nullable;

/**
 * {@code l5d-client-id}, which Linkerd's proxy sets to the identity of the client's certificate: {@code
 * sa.ns.serviceaccount.identity.<linkerd-ns>.<trust-domain>}, or a SPIFFE id for a workload outside of Kubernetes. There is one,
 * or the proxy did not write it.
 */
final class LinkerdClientId {

    private static final String MARK = ".serviceaccount.identity.";
    static final int MOST_LENGTH = 512;

    private LinkerdClientId() {}

    /** Names it as Istio would, so that lists of callers are written alike whatever the mesh. */
    static Caller read(String header) {
        if (header.length() > MOST_LENGTH) {
            return Caller.unknown(Outcome.TOO_LONG);
        }
        if (header.indexOf(',') >= 0) {
            return Caller.unknown(Outcome.AMBIGUOUS);
        }
        if (header.startsWith(SpiffeId.SCHEME)) {
            return caller(SpiffeId.parse(header));
        }
        int mark = header.indexOf(MARK);
        if (mark < 0) {
            return Caller.unknown(Outcome.NO_IDENTITY);
        }
        // A service account may be called so that the mark is there twice; a namespace has no dot, a service account
        // may.
        if (header.indexOf(MARK, mark + 1) >= 0) {
            return Caller.unknown(Outcome.AMBIGUOUS);
        }
        int namespace = header.lastIndexOf('.', mark - 1);
        int trustDomain = header.indexOf('.', mark + MARK.length());
        if (namespace <= 0 || trustDomain < 0 || trustDomain == mark + MARK.length()) {
            return Caller.unknown(Outcome.NO_IDENTITY);
        }
        SpiffeId id = SpiffeId.parse(SpiffeId.SCHEME + header.substring(trustDomain + 1) + "/ns/"
                + header.substring(namespace + 1, mark) + "/sa/" + header.substring(0, namespace));
        // With a slash in one of the parts the path would be another.
        return caller(id == null || id.namespace() == null ? null : id);
    }

    private static Caller caller(@Nullable SpiffeId id) {
        return id == null ? Caller.unknown(Outcome.NO_IDENTITY) : new Caller(id, false, Outcome.VERIFIED);
    }
}
