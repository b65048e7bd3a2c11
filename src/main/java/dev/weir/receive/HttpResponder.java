package dev.weir.receive;

import com.google.rpc.Code;
import com.google.rpc.Status;
import dev.weir.pipeline.Refusal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;

/** Writes the answers of the HTTP door. */
final class HttpResponder {

    private volatile boolean goingAway;

    /** From now on connections are closed after their answer. */
    void goAway() {
        goingAway = true;
    }

    void success(HttpServerRequest request, HttpPeer peer, byte[] body, boolean json) {
        send(request, peer, 200, body, json, false);
    }

    void refusal(HttpServerRequest request, HttpPeer peer, Refusal refusal, boolean json, boolean bodyUnread) {
        if (refusal.isRetryable()) {
            request.response().putHeader("Retry-After", Long.toString(wholeSeconds(refusal.retryAfter())));
        }
        byte[] body = HttpAnswers.body(Answers.status(refusal), json);
        send(request, peer, HttpAnswers.httpStatus(refusal.reason()), body, json, bodyUnread);
    }

    void error(HttpServerRequest request, HttpPeer peer, int status, String message, boolean json, boolean bodyUnread) {
        Code code = HttpAnswers.code(status);
        Status body = Answers.status(code, message).build();
        send(request, peer, status, HttpAnswers.body(body, json), json, bodyUnread);
    }

    /** Rounded up, and at least 1. */
    static long wholeSeconds(Duration delay) {
        return Math.max(1, delay.plusNanos(999_999_999).toSeconds());
    }

    private void send(
            HttpServerRequest request, HttpPeer peer, int status, byte[] body, boolean json, boolean bodyUnread) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        boolean last = goingAway || peer.isOld();
        boolean skip = bodyUnread && !last && peer.canSkip(request);
        boolean close = !peer.isHttp2() && (bodyUnread && !skip || last);
        response.setStatusCode(status)
                .putHeader("Content-Type", json ? HttpAnswers.JSON : HttpAnswers.PROTOBUF)
                .putHeader("Content-Length", Integer.toString(body.length));
        if (close) {
            response.putHeader("Connection", "close");
        }
        peer.unread().answered();
        var sent = response.end(Buffer.buffer(body))
                .onComplete(done -> peer.unread().sent());
        if (bodyUnread && peer.isHttp2()) {
            // NO_ERROR: the answer is whole, the rest of the request is not wanted (RFC 9113, 8.1)
            sent.onComplete(done -> response.reset(0));
        } else if (bodyUnread && !skip) {
            peer.end();
        } else if (close) {
            sent.onComplete(done -> peer.connection().close());
        }
    }
}
