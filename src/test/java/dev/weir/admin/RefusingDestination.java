package dev.weir.admin;

import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers 401, and shows in the answer the credential that it was given. */
public final class RefusingDestination implements QuarkusTestResourceLifecycleManager {

    static final String NAME = "refusing";
    static final String CREDENTIAL = "Bearer c2VjcmV0LW9mLXRoZS10ZXN0";

    private @Nullable HttpServer server;

    @Override
    public Map<String, String> start() {
        HttpServer started;
        try {
            started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        started.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] answer = ("not with " + exchange.getRequestHeaders().getFirst("Authorization"))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(401, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        started.start();
        server = started;
        String key = "weir.export." + NAME + ".";
        return Map.of(
                key + "protocol",
                "http/protobuf",
                key + "endpoint",
                "http://127.0.0.1:" + started.getAddress().getPort(),
                key + "signals",
                "traces",
                key + "headers.authorization",
                CREDENTIAL);
    }

    @Override
    public void stop() {
        if (server != null) {
            server.stop(0);
        }
    }
}
