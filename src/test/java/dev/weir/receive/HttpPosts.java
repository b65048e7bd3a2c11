package dev.weir.receive;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

/** Requests of an ordinary client to the HTTP door of a test. */
abstract class HttpPosts {

    static final String PROTOBUF = "application/x-protobuf";
    static final String JSON = "application/json";

    final HttpClient client = HttpClient.newBuilder().build();
    DoorFixture door;

    @AfterEach
    final void close() {
        client.close();
        if (door != null) {
            door.close();
        }
    }

    final int postEncoded(String encoding, byte[] body) throws Exception {
        return send(request("/v1/traces", PROTOBUF, BodyPublishers.ofByteArray(body))
                        .header("Content-Encoding", encoding))
                .statusCode();
    }

    final HttpResponse<byte[]> post(String path, String type, byte[] body) throws Exception {
        return send(request(path, type, BodyPublishers.ofByteArray(body)));
    }

    final HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    final HttpRequest.Builder request(String path, String type, BodyPublisher body) {
        return HttpRequest.newBuilder(URI.create(door.http(path)))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", type)
                .POST(body);
    }

    static BodyPublisher chunked(byte[] body) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
    }
}
