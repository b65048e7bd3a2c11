package dev.weir.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both protocols over TLS. */
class TlsDestinationTest extends DestinationFixture {

    @TempDir
    static Path dir;

    private static TestCertificate certificate;

    @BeforeAll
    static void makeCertificate() {
        certificate = TestCertificate.in(dir);
    }

    @Override
    FakeReceiver newReceiver() {
        return new FakeGrpcReceiver(certificate);
    }

    @Test
    void shouldSendOverGrpcToACertificateOfTheCaFile() {
        sendToLocalhost(Optional.of(certificate.certFile().toString()));

        awaitSettled();
        assertThat(counts().sent()).isEqualTo(5);
    }

    @Test
    void shouldSendOverHttpToACertificateOfTheCaFile() {
        overHttp();
        sendToLocalhost(Optional.of(certificate.certFile().toString()));

        awaitSettled();
        assertThat(counts().sent()).isEqualTo(5);
    }

    @Test
    void shouldNotSendOverGrpcToACertificateThatNobodySigned() {
        sendToLocalhost(Optional.empty());

        await().until(() -> status().retries() > 1);
        assertThat(receiver.requests()).isEmpty();
        assertThat(status().lastError())
                .startsWith("unavailable: io exception: ")
                .contains("certification path");
    }

    @Test
    void shouldNotSendOverHttpToACertificateThatNobodySigned() {
        overHttp();
        sendToLocalhost(Optional.empty());

        await().until(() -> status().retries() > 1);
        assertThat(receiver.requests()).isEmpty();
        assertThat(status().lastError()).startsWith("unavailable: ").contains("certification path");
    }

    @Test
    void shouldNotSendToACertificateOfAnotherName() {
        config.endpoint = "https://127.0.0.1:" + receiver.port();
        config.caFile = Optional.of(certificate.certFile().toString());
        start();
        send(5);

        await().until(() -> status().retries() > 1);
        assertThat(receiver.requests()).isEmpty();
    }

    @Test
    void shouldSendToACertificateOfTheServerName() {
        config.serverName = Optional.of("localhost");
        config.endpoint = "https://127.0.0.1:" + receiver.port();
        config.caFile = Optional.of(certificate.certFile().toString());
        start();
        send(5);

        awaitSettled();
        assertThat(counts().sent()).isEqualTo(5);
    }

    private void overHttp() {
        receiver.close();
        receiver = new FakeHttpReceiver(VERTX, certificate);
        config.protocol = receiver.protocol();
    }

    private void sendToLocalhost(Optional<String> caFile) {
        config.endpoint = "https://localhost:" + receiver.port();
        config.caFile = caFile;
        start();
        send(5);
    }
}
