package dev.weir.enrich;

import dev.weir.otlp.AttributeKeys;
import dev.weir.otlp.AttributeSlots;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Recognises a proxy's span of the delivery of telemetry to Weir itself: of a sender's sidecar, or of our own. OTLP's path over
 * gRPC names nothing else; its path over HTTP is one that others have too, and counts only under a name by which Weir is
 * called. With names configured, a delivery to somebody else's name stays; and so does what reached another port, for the name is
 * what the caller asked for: else it could hide its calls to others. Immutable.
 */
final class SelfTelemetry {

    private static final List<String> PATHS = List.of("grpc.path", "http.path", "url.path", "http.target");
    private static final List<String> URLS = List.of("http.url", "url.full");
    private static final List<String> AUTHORITIES = List.of(
            "grpc.authority",
            "http.authority",
            "http.host",
            "server.address",
            "upstream_cluster",
            "upstream_cluster.name");

    /** Of Linkerd's spans, and of nobody else's. */
    static final String DIRECTION = "direction";

    /** The tags that it reads. */
    static final List<String> KEYS = Stream.of(PATHS, URLS, AUTHORITIES, List.of(DIRECTION))
            .flatMap(List::stream)
            .toList();

    private static final byte[] OVER_GRPC = ascii("/opentelemetry.proto.collector.");
    private static final byte[][] OVER_HTTP = {ascii("/v1/traces"), ascii("/v1/metrics"), ascii("/v1/logs")};
    private static final String IN_CLUSTER = ".svc.cluster.local";

    private static final List<String> CLUSTERS = List.of("upstream_cluster", "upstream_cluster.name");
    private static final Pattern PORT =
            Pattern.compile("^(?:outbound|inbound|inbound-vip)(?:\\||_\\.)([0-9]{1,5})(?:\\||_\\.)");

    /** By which others call us, whatever our own are. */
    private static final Set<Integer> OTLP_PORTS = Set.of(4317, 4318);

    private static final int NO_PORT = -1;

    private final boolean drops;
    private final Set<Integer> ports;
    private final int[] clusters;
    private final Set<String> hosts = new HashSet<>();
    private final int[] paths;
    private final int[] urls;
    private final int[] authorities;

    /**
     * @param keys with {@link #KEYS} among them
     * @param hosts names by which senders call us; those inside a cluster count without its end too
     * @param ports on which we listen, besides OTLP's
     */
    SelfTelemetry(AttributeKeys keys, boolean drops, Collection<String> hosts, Collection<Integer> ports) {
        this.drops = drops;
        this.ports = new HashSet<>(OTLP_PORTS);
        this.ports.addAll(ports);
        for (String host : hosts) {
            String name = host.strip().toLowerCase(Locale.ROOT);
            this.hosts.add(name);
            if (name.endsWith(IN_CLUSTER)) {
                String short1 = name.substring(0, name.length() - IN_CLUSTER.length());
                this.hosts.add(short1);
                this.hosts.add(short1 + ".svc");
            }
        }
        clusters = CLUSTERS.stream().mapToInt(keys::of).toArray();
        paths = PATHS.stream().mapToInt(keys::of).toArray();
        urls = URLS.stream().mapToInt(keys::of).toArray();
        authorities = AUTHORITIES.stream().mapToInt(keys::of).toArray();
    }

    /** @param tags of a proxy's span, read to their end */
    boolean drops(byte[] request, AttributeSlots tags) {
        if (!drops) {
            return false;
        }
        boolean overGrpc = false;
        boolean overHttp = false;
        for (int key : paths) {
            if (tags.hasText(key)) {
                overGrpc |= startsWith(request, tags.textStart(), tags.textEnd(), OVER_GRPC);
                overHttp |= isOverHttp(request, tags.textStart(), tags.textEnd());
            }
        }
        for (int key : urls) {
            if (tags.hasText(key)) {
                int path = pathStart(request, tags.textStart(), tags.textEnd());
                overGrpc |= startsWith(request, path, tags.textEnd(), OVER_GRPC);
                overHttp |= isOverHttp(request, path, tags.textEnd());
            }
        }
        if (!overGrpc && !overHttp || reachedAnother(request, tags)) {
            return false;
        }
        return hosts.isEmpty() ? overGrpc : isOurs(request, tags);
    }

    /**
     * The same of a gateway's attempt, which says neither path nor authority, only the cluster: a delivery when that is one of ours
     * and its port one of OTLP's.
     */
    boolean dropsAttempt(byte[] request, AttributeSlots tags) {
        String cluster = drops ? text(request, tags, clusters[0]) : null;
        return cluster != null && ports.contains(port(cluster)) && isOurs(cluster);
    }

    /** Whether the cluster is on a port that is not ours, and not called by our name, behind which the port may be any. */
    private boolean reachedAnother(byte[] request, AttributeSlots tags) {
        for (int key : clusters) {
            String cluster = text(request, tags, key);
            int port = cluster == null ? NO_PORT : port(cluster);
            if (port != NO_PORT && !ports.contains(port) && !isOurs(cluster)) {
                return true;
            }
        }
        return false;
    }

    private static int port(String cluster) {
        Matcher matcher = PORT.matcher(cluster);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : NO_PORT;
    }

    private boolean isOurs(byte[] request, AttributeSlots tags) {
        boolean ours = false;
        for (int key : authorities) {
            ours |= isOurs(text(request, tags, key));
        }
        for (int key : urls) {
            ours |= isOurs(host(text(request, tags, key)));
        }
        return ours;
    }

    /** Of an authority or a cluster, which is an authority too when the proxy calls by itself. */
    private boolean isOurs(@Nullable String text) {
        if (text == null) {
            return false;
        }
        String name = text.toLowerCase(Locale.ROOT);
        name = name.endsWith(";") ? name.substring(0, name.length() - 1) : name;
        if (name.startsWith("outbound_.")) {
            int last = name.lastIndexOf("_.");
            name = name.substring(last + 2);
        } else {
            name = name.substring(name.lastIndexOf('|') + 1);
        }
        int port = name.lastIndexOf(':');
        return hosts.contains(name) || port > 0 && hosts.contains(name.substring(0, port));
    }

    private static @Nullable String host(@Nullable String url) {
        if (url == null) {
            return null;
        }
        int scheme = url.indexOf("://");
        int from = scheme < 0 ? 0 : scheme + 3;
        int slash = url.indexOf('/', from);
        return url.substring(from, slash < 0 ? url.length() : slash);
    }

    private static @Nullable String text(byte[] request, AttributeSlots tags, int key) {
        return tags.hasText(key)
                ? new String(request, tags.textStart(), tags.textEnd() - tags.textStart(), StandardCharsets.UTF_8)
                : null;
    }

    /** Where a URL's path begins. */
    private static int pathStart(byte[] url, int from, int to) {
        int p = from;
        while (p < to && url[p] != ':' && url[p] != '/') {
            p++;
        }
        if (p + 2 < to && url[p] == ':' && url[p + 1] == '/' && url[p + 2] == '/') {
            p += 3;
        }
        while (p < to && url[p] != '/') {
            p++;
        }
        return p;
    }

    private static boolean isOverHttp(byte[] request, int from, int to) {
        for (byte[] path : OVER_HTTP) {
            int end = from + path.length;
            if (startsWith(request, from, to, path) && (end == to || request[end] == '?')) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(byte[] bytes, int from, int to, byte[] start) {
        if (to - from < start.length) {
            return false;
        }
        for (int i = 0; i < start.length; i++) {
            if (bytes[from + i] != start[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
