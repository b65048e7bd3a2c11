package dev.weir.receive;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Cross-origin requests of browsers (Fetch standard): none are answered unless origins are configured. */
final class Cors {

    private final boolean any;
    private final Set<String> origins;

    Cors(List<String> origins) {
        this.any = origins.contains("*");
        this.origins = Set.copyOf(origins);
    }

    boolean isOn() {
        return any || !origins.isEmpty();
    }

    /** Marks the answer as readable by the page that asks, when we allow its origin. */
    boolean allow(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        if (!isAllowed(origin)) {
            return false;
        }
        request.response().putHeader("Access-Control-Allow-Origin", any ? "*" : origin);
        if (!any) {
            request.response().putHeader("Vary", "Origin");
        }
        return true;
    }

    boolean isPreflight(HttpServerRequest request) {
        return "OPTIONS".equals(request.method().name())
                && isAllowed(request.getHeader("Origin"))
                && request.getHeader("Access-Control-Request-Method") != null;
    }

    void preflight(HttpServerRequest request) {
        allow(request);
        String headers = request.getHeader("Access-Control-Request-Headers");
        request.response()
                .setStatusCode(204)
                .putHeader("Access-Control-Allow-Methods", "POST")
                .putHeader("Access-Control-Allow-Headers", headers == null ? "Content-Type" : headers)
                .putHeader("Access-Control-Max-Age", "3600");
        var unused = request.response().end();
    }

    private boolean isAllowed(@Nullable String origin) {
        return origin != null && (any || origins.contains(origin));
    }
}
