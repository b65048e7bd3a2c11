package dev.weir.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Destinations that ask for a client's certificate, by both protocols. */
class MutualTlsDestinationTest extends DestinationFixture {

    @TempDir
    static Path dir;

    private static TestCertificate certificate;

    @BeforeAll
    static void makeCertificate() {
        certificate = TestCertificate.in(dir);
    }

    @Override
    FakeReceiver newReceiver() {
        return new FakeGrpcReceiver(certificate, true);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldShowItsCertificate(boolean http) {
        to(http);
        config.certFile = Optional.of(certificate.certFile().toString());
        config.keyFile = Optional.of(certificate.keyFile().toString());
        start();
        send(5);

        awaitSettled();
        assertThat(counts().sent()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldHoldTheDataWhileItHasNoCertificateToShow(boolean http) {
        to(http);
        start();
        send(5);

        await().until(() -> status().retries() > 1);
        assertThat(receiver.requests()).isEmpty();
        assertThat(counts().queued()).isEqualTo(5);
        exporters.close();
    }

    private void to(boolean http) {
        if (http) {
            receiver.close();
            receiver = new FakeHttpReceiver(VERTX, certificate, true);
            config.protocol = receiver.protocol();
        }
        config.endpoint = "https://localhost:" + receiver.port();
        config.caFile = Optional.of(certificate.certFile().toString());
    }
}
