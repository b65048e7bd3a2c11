package dev.weir.export;

import dev.weir.pipeline.Signal;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Where a destination is. Cannot hold credentials. */
record Endpoint(boolean tls, String host, int port, String path) {

    private static final int NO_PORT = -1;

    /** @throws IllegalArgumentException with a sentence that never repeats credentials */
    static Endpoint of(String text) {
        if (!text.contains("://")) {
            throw fault("'" + withoutUser(text) + "' has no scheme; write http://" + withoutUser(text));
        }
        URI uri;
        try {
            uri = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw fault("is not a URL such as http://jaeger:4317");
        }
        if (text.contains("@")) {
            throw fault("must not hold credentials; send them as a header, such as authorization: file:/path");
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw fault("has the scheme " + scheme + "; write http:// or, for TLS, https://");
        }
        if (uri.getHost() == null) {
            throw fault(
                    "'" + text + "' has no valid host; write http://host:port (a host has letters, digits, - and .)");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw fault("must have no query and no fragment; send what the destination needs as a header");
        }
        boolean tls = scheme.equals("https");
        int port = uri.getPort() == NO_PORT ? (tls ? 443 : 80) : uri.getPort();
        if (port < 1 || port > 65_535) {
            throw fault("has the port " + port + "; ports are 1 to 65535");
        }
        String path = uri.getRawPath();
        return new Endpoint(tls, uri.getHost(), port, path.equals("/") ? "" : path);
    }

    static boolean hasPort(String text) {
        return URI.create(text.strip()).getPort() != NO_PORT;
    }

    /** The path of OTLP/HTTP requests: {@code /v1/<signal>} appended unless it ends so already. */
    String pathFor(Signal signal) {
        String end = "/v1/" + signal.label();
        String base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return base.endsWith(end) ? base : base + end;
    }

    /** Without the brackets of an IPv6 address. */
    String address() {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    String authority() {
        return host + ":" + port;
    }

    @Override
    public String toString() {
        return (tls ? "https://" : "http://") + authority() + path;
    }

    private static String withoutUser(String text) {
        return text.substring(text.lastIndexOf('@') + 1);
    }

    private static IllegalArgumentException fault(String sentence) {
        return new IllegalArgumentException(sentence);
    }
}
