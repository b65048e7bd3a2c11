package dev.weir.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Signal;
import dev.weir.tls.Certificates;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both doors with certificates on both sides. */
class MutualTlsTest {

    private static final String NAME = "spiffe://cluster.local/ns/shop/sa/cart";

    @TempDir
    Path directory;

    private DoorFixture door;

    @BeforeEach
    void open() throws Exception {
        Certificates.make(directory, "weir", "san=dns:localhost").write(file("s.crt"), file("s.key"));
        Certificates.make(directory, "cart", "san=uri:" + NAME).write(file("c.crt"), file("c.key"));
        open(file("c.crt"));
    }

    private void open(Path authority, String... more) throws Exception {
        List<String> keys = new ArrayList<>(List.of(more));
        keys.addAll(List.of(
                "grpc.tls.cert-file=" + file("s.crt"),
                "grpc.tls.key-file=" + file("s.key"),
                "grpc.tls.ca-file=" + authority,
                "http.tls.cert-file=" + file("s.crt"),
                "http.tls.key-file=" + file("s.key"),
                "http.tls.ca-file=" + authority));
        door = new DoorFixture(keys.toArray(String[]::new));
    }

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void theCertificatesUriIsThePrincipalOverGrpc() throws Exception {
        ManagedChannel channel = channel(true);
        GrpcCalls.export(channel, Signal.TRACES, Requests.spans(1));
        channel.shutdownNow();
        assertThat(door.stage.payloads).extracting(MutualTlsTest::principal).containsExactly(NAME);
    }

    @Test
    void ofSeveralUrisNoneIsThePrincipal() throws Exception {
        door.close();
        Certificates.make(directory, "cart", "san=uri:" + NAME + ",uri:" + NAME + "2")
                .write(file("c.crt"), file("c.key"));
        open(file("c.crt"));
        assertThat(post(true)).isEqualTo(200);
        assertThat(door.stage.payloads).extracting(MutualTlsTest::principal).containsExactly("CN=cart");
    }

    @Test
    void whoeverHasNoSubjectAndNoUriIsNotTakenForAnotherSuch() throws Exception {
        Set<String> principals = new HashSet<>();
        for (int i = 0; i < 2; i++) {
            door.close();
            Certificates.makeWithoutSubject(directory, "san:critical=dns:cart", file("ca.crt"))
                    .write(file("c.crt"), file("c.key"));
            open(file("ca.crt"));
            assertThat(post(true)).isEqualTo(200);
            principals.add(principal(door.stage.payloads.getFirst()));
        }
        assertThat(principals).hasSize(2).allMatch(name -> name.startsWith("serial="));
    }

    @Test
    void aGrpcClientWithoutCertificateIsTurnedAway() throws Exception {
        ManagedChannel channel = channel(false);
        assertThatThrownBy(() -> GrpcCalls.export(channel, Signal.TRACES, Requests.spans(1)))
                .isInstanceOf(StatusRuntimeException.class);
        channel.shutdownNow();
        assertThat(door.stage.payloads).isEmpty();
    }

    @Test
    void theCertificatesUriIsThePrincipalOverHttp() {
        assertThat(post(true)).isEqualTo(200);
        assertThat(door.stage.payloads).extracting(MutualTlsTest::principal).containsExactly(NAME);
    }

    @Test
    void anHttpClientWithoutCertificateIsTurnedAway() {
        assertThatThrownBy(() -> post(false)).isInstanceOf(java.util.concurrent.CompletionException.class);
        assertThat(door.stage.payloads).isEmpty();
    }

    @Test
    void whoComesOverTlsIsKnownWithoutACertificateToo() throws Exception {
        door.close();
        open(file("c.crt"), "grpc.tls.client-auth=optional", "http.tls.client-auth=optional");
        ManagedChannel channel = channel(false);
        GrpcCalls.export(channel, Signal.TRACES, Requests.spans(1));
        channel.shutdownNow();
        assertThat(post(false)).isEqualTo(200);
        assertThat(post(true)).isEqualTo(200);
        assertThat(door.stage.payloads).extracting(MutualTlsTest::principal).containsExactly(null, null, NAME);
        assertThat(door.stage.payloads).allMatch(payload -> payload.sender().overTls());
    }

    @Test
    void whoComesInPlainTextIsNotTakenForOneOverTls() throws Exception {
        door.close();
        door = new DoorFixture();
        ManagedChannel channel = NettyChannelBuilder.forAddress("localhost", door.doors.grpcPort())
                .usePlaintext()
                .build();
        GrpcCalls.export(channel, Signal.TRACES, Requests.spans(1));
        channel.shutdownNow();
        assertThat(post(new HttpClientOptions())).isEqualTo(200);
        assertThat(door.stage.payloads)
                .hasSize(2)
                .noneMatch(payload -> payload.sender().overTls());
    }

    @Test
    void connectionsThatShakeNoHandsCountAndAreClosed() throws Exception {
        door.close();
        door = new DoorFixture(
                "grpc.tls.cert-file=" + file("s.crt"),
                "grpc.tls.key-file=" + file("s.key"),
                "grpc.limits.handshake=500ms",
                "http.tls.cert-file=" + file("s.crt"),
                "http.tls.key-file=" + file("s.key"),
                "http.limits.header=500ms");
        // the start of a ClientHello that promises more
        String hello = "\u0016\u0003\u0001\u0001\u0000\u0001\u0000\u0000\u00fc\u0003\u0003" + "x".repeat(40);
        try (RawSocket grpc = new RawSocket(door.doors.grpcPort());
                RawSocket http = new RawSocket(door.doors.httpPort())) {
            grpc.send(hello);
            http.send(hello);
            await().until(() -> door.doors.grpc().openConnections() == 1);
            await().until(() -> door.doors.http().openConnections() == 1);
            grpc.untilClosed();
            http.untilClosed();
        }
        await().until(() -> door.doors.grpc().openConnections() == 0);
        await().until(() -> door.doors.http().openConnections() == 0);
    }

    private int post(boolean certificate) {
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(true)
                .setTrustOptions(new PemTrustOptions().addCertPath(file("s.crt").toString()));
        if (certificate) {
            options.setKeyCertOptions(new PemKeyCertOptions()
                    .setCertPath(file("c.crt").toString())
                    .setKeyPath(file("c.key").toString()));
        }
        return post(options);
    }

    private int post(HttpClientOptions options) {
        return door.vertx
                .createHttpClient(options)
                .request(HttpMethod.POST, door.doors.httpPort(), "localhost", "/v1/traces")
                .compose(request -> request.putHeader("Content-Type", "application/x-protobuf")
                        .send(Buffer.buffer(Requests.spans(1))))
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .statusCode();
    }

    private ManagedChannel channel(boolean certificate) throws Exception {
        SslContextBuilder ssl =
                GrpcSslContexts.forClient().trustManager(file("s.crt").toFile());
        if (certificate) {
            ssl.keyManager(file("c.crt").toFile(), file("c.key").toFile());
        }
        return NettyChannelBuilder.forAddress("localhost", door.doors.grpcPort())
                .sslContext(ssl.build())
                .build();
    }

    private static String principal(Payload payload) {
        return payload.sender().principal();
    }

    private Path file(String name) {
        return directory.resolve(name);
    }
}
