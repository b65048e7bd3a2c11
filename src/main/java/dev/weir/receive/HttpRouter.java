package dev.weir.receive;

import dev.weir.pipeline.Hop;
import dev.weir.pipeline.Signal;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells export requests from everything else, and answers everything else. */
final class HttpRouter {

    private static final String ENCODINGS = "gzip, deflate, zstd";

    private final ReceiveConfig.Http config;
    private final Intake intake;
    private final DoorCounters counters;
    private final HttpResponder responder;
    private final Cors cors;
    private final int maxMessageSize;

    HttpRouter(ReceiveConfig.Http config, Intake intake, DoorCounters counters, HttpResponder responder) {
        this.config = config;
        this.intake = intake;
        this.counters = counters;
        this.responder = responder;
        this.cors = new Cors(config.corsOrigins().orElse(List.of()));
        this.maxMessageSize = config.maxMessageSize().intBytes();
    }

    void handle(HttpServerRequest request, HttpPeer peer) {
        peer.begin();
        if (cors.isOn()) {
            cors.allow(request);
        }
        Boolean json = isJson(request.getHeader("Content-Type"));
        boolean answerJson = json != null && json;
        Signal signal = signal(request.path());
        if (signal == null) {
            reject(request, peer, 404, "there are /v1/traces, /v1/metrics and /v1/logs here", answerJson);
        } else if (cors.isOn() && cors.isPreflight(request)) {
            counters.request("protocol");
            discard(request, peer);
            cors.preflight(request);
            peer.answered();
        } else if (!"POST".equals(request.method().name())) {
            request.response().putHeader("Allow", cors.isOn() ? "POST, OPTIONS" : "POST");
            reject(request, peer, 405, "only POST is answered here", answerJson);
        } else if (json == null) {
            reject(request, peer, 415, "the content type must be application/x-protobuf or application/json", false);
        } else if (intake.isOurOwn(request.getHeader(Hop.HEADER))) {
            reject(request, peer, 400, Hop.REFUSAL, json);
        } else {
            export(request, peer, signal, json);
        }
    }

    /** What the HTTP decoder could not read. The connection is closed after the answer. */
    void invalid(HttpServerRequest request, HttpPeer peer) {
        peer.begin();
        Throwable cause = request.decoderResult().cause();
        if (cause instanceof TooLongHttpHeaderException) {
            reject(request, peer, 431, "the header is too large", false);
        } else if (cause instanceof TooLongHttpLineException) {
            reject(request, peer, 414, "the request line is too long", false);
        } else {
            reject(request, peer, 400, "not an HTTP request", false);
        }
    }

    private void export(HttpServerRequest request, HttpPeer peer, Signal signal, boolean json) {
        List<String> encodings = request.headers().getAll("Content-Encoding");
        Encoding encoding = Encoding.ofHttp(encodings.isEmpty() ? null : String.join(",", encodings));
        if (encoding == null) {
            request.response().putHeader("Accept-Encoding", ENCODINGS);
            reject(request, peer, 415, "the content encoding must be one of identity, " + ENCODINGS, json);
            return;
        }
        HttpExchange exchange = new HttpExchange(
                request,
                peer,
                responder,
                intake,
                counters,
                signal,
                encoding,
                json,
                config.limits().body(),
                maxMessageSize);
        exchange.start(contentLength(request));
    }

    private void reject(HttpServerRequest request, HttpPeer peer, int status, String message, boolean json) {
        counters.request("protocol");
        discard(request, peer);
        responder.error(request, peer, status, message, json, hasBody(request));
        peer.answered();
    }

    private static void discard(HttpServerRequest request, HttpPeer peer) {
        Rest rest = new Rest(peer);
        request.exceptionHandler(gone -> rest.ended());
        request.endHandler(end -> rest.ended());
        request.handler(bytes -> {});
    }

    private static boolean hasBody(HttpServerRequest request) {
        return request.headers().contains("Transfer-Encoding") || contentLength(request) > 0;
    }

    /** -1 when it is not said. */
    private static long contentLength(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        if (length == null) {
            return -1;
        }
        try {
            return Math.max(-1, Long.parseLong(length));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Null when the type is neither of the two of OTLP. */
    private static @Nullable Boolean isJson(@Nullable String contentType) {
        if (contentType == null) {
            return null;
        }
        int end = contentType.indexOf(';');
        String type =
                (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        return switch (type) {
            case HttpAnswers.PROTOBUF -> Boolean.FALSE;
            case HttpAnswers.JSON -> Boolean.TRUE;
            default -> null;
        };
    }

    private static @Nullable Signal signal(@Nullable String path) {
        return path == null
                ? null
                : switch (path) {
                    case "/v1/traces" -> Signal.TRACES;
                    case "/v1/metrics" -> Signal.METRICS;
                    case "/v1/logs" -> Signal.LOGS;
                    default -> null;
                };
    }

    /** What still comes of a rejected request: it ends once, also when it is broken off. */
    private static final class Rest {
        private final HttpPeer peer;
        private boolean ended;

        Rest(HttpPeer peer) {
            this.peer = peer;
        }

        void ended() {
            if (!ended) {
                ended = true;
                peer.bodyEnded();
            }
        }
    }
}
