package dev.weir.enrich.identity;

import dev.weir.pipeline.Sender;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tells who sent a request: from the client's certificate when it spoke TLS with us, else from the header that the mesh in front
 * writes. What was verified is remembered by its text, so that a request costs a lookup. For any number of threads.
 */
public final class Callers {

    /** Longer headers are refused. What Envoy writes with a certificate chain in it has a few thousand characters. */
    static final int MOST_HEADER = 16 << 10;

    static final int MOST_CACHED = 4096;

    private final Trust trust;
    private final @Nullable String header;
    private final Set<String> receivers;
    private final Function<String, Caller> reader;
    private final CallerCache byHeader = new CallerCache(MOST_CACHED);
    private final CallerCache byPrincipal = new CallerCache(MOST_CACHED);

    public Callers(Trust trust) {
        this.trust = trust;
        this.header = trust.mesh().header();
        this.receivers = trust.mesh() == Trust.Mesh.ISTIO ? trust.receivers() : Set.of();
        ForwardedClientCert forwarded = new ForwardedClientCert(receivers);
        this.reader = trust.mesh() == Trust.Mesh.LINKERD ? LinkerdClientId::read : forwarded::read;
    }

    /**
     * The headers that the doors must keep, in lower case.
     *
     * @param others asked for by something else, in any case
     */
    public static Set<String> headers(Trust.Mesh mesh, Collection<String> others) {
        Set<String> all = new HashSet<>();
        others.forEach(name -> all.add(name.toLowerCase(Locale.ROOT)));
        if (mesh.header() != null) {
            all.add(mesh.header());
        }
        return Set.copyOf(all);
    }

    /**
     * Who sent the request. Never throws, whatever its headers hold.
     *
     * <p>A client that speaks TLS with us was not brought by our sidecar, which speaks plain text with us: it wrote the header
     * itself, so only its certificate counts, if it has one. But a waypoint's certificate does not name the sender, its header does, when the
     * waypoint itself received the request; without one nobody knows whether it sends for itself.
     */
    public Caller of(Sender sender) {
        String principal = sender.principal();
        String said = header == null ? null : sender.headers().get(header);
        if (principal != null && !receivers.contains(principal)) {
            return byCertificate(principal);
        }
        if (said == null) {
            return Caller.NONE;
        }
        if (principal != null) {
            return byHeaderOf(principal, said);
        }
        if (sender.overTls()) {
            return Caller.unknown(Outcome.OVER_TLS);
        }
        Caller known = byHeader.get(said);
        return known != null ? known : byHeader(said);
    }

    /** A waypoint is believed what it wrote itself. It keeps its connections and sends little: its headers are read each time. */
    private Caller byHeaderOf(String waypoint, String said) {
        return said.length() > MOST_HEADER
                ? Caller.unknown(Outcome.TOO_LONG)
                : withRelay(new ForwardedClientCert(Set.of(waypoint)).read(said));
    }

    private Caller byHeader(String said) {
        if (said.length() > MOST_HEADER) {
            return Caller.unknown(Outcome.TOO_LONG);
        }
        Caller caller = withRelay(reader.apply(said));
        byHeader.put(said, caller);
        return caller;
    }

    private Caller byCertificate(String principal) {
        Caller known = byPrincipal.get(principal);
        if (known != null) {
            return known;
        }
        SpiffeId id = SpiffeId.parse(principal);
        if (id == null) {
            return Caller.NONE;
        }
        Caller caller = withRelay(new Caller(id, false, Outcome.VERIFIED));
        byPrincipal.put(principal, caller);
        return caller;
    }

    private Caller withRelay(Caller caller) {
        SpiffeId id = caller.verified();
        return id != null && trust.relays().contains(id.uri()) ? new Caller(id, true, caller.outcome()) : caller;
    }
}
