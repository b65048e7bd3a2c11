package dev.weir.it;

import dev.weir.it.MeshCertificates.Workload;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A workload of the mesh that calls over HTTP/1.1 with its own certificate, or with none. */
final class MeshHttp implements AutoCloseable {

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client;

    MeshHttp(MeshCertificates certificates, @Nullable Workload workload) {
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(true)
                .setVerifyHost(false) // it is known by its SPIFFE id, not by its address
                .setTrustOptions(new PemTrustOptions()
                        .addCertPath(certificates.authority().toString()));
        if (workload != null) {
            options.setKeyCertOptions(new PemKeyCertOptions()
                    .addCertPath(workload.certificate().toString())
                    .addKeyPath(workload.key().toString()));
        }
        client = vertx.createHttpClient(options);
    }

    record Answer(int status, String body) {}

    Answer get(int port, String path) throws ExecutionException {
        return call(HttpMethod.GET, port, path, new byte[0]);
    }

    Answer post(int port, String path, byte[] protobuf) throws ExecutionException {
        return call(HttpMethod.POST, port, path, protobuf);
    }

    /** @throws ExecutionException there is no connection, or it breaks without an answer */
    private Answer call(HttpMethod method, int port, String path, byte[] body) throws ExecutionException {
        try {
            return client.request(method, port, "127.0.0.1", path)
                    .compose(request -> request.putHeader("content-type", "application/x-protobuf")
                            .send(Buffer.buffer(body)))
                    .compose(response -> response.body().map(text -> answer(response, text)))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(ANSWER_WITHIN.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw new AssertionError(method + " " + path + " was not answered within " + ANSWER_WITHIN, e);
        }
    }

    @Override
    public void close() {
        client.close();
        vertx.close();
    }

    private static Answer answer(HttpClientResponse response, Buffer body) {
        return new Answer(response.statusCode(), body.toString());
    }
}
