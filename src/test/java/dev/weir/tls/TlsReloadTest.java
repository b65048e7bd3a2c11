package dev.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsReloadTest {

    @TempDir
    Path directory;

    @Test
    void aChangedCertificateIsUsedForNewConnections() throws Exception {
        // Given
        Path cert = directory.resolve("tls.crt");
        Path key = directory.resolve("tls.key");
        Certificates.Identity first = Certificates.make(directory, "first", "san=dns:localhost");
        first.write(cert, key);
        try (TlsFiles files = TlsFiles.reading(config(cert, key, null), true, Duration.ofMillis(50))) {
            X509KeyManager manager = (X509KeyManager) files.keyCertOptions()
                    .getKeyManagerFactory(io.vertx.core.Vertx.vertx())
                    .getKeyManagers()[0];
            assertThat(shown(manager)).isEqualTo(first.certificate());
            // When
            Certificates.Identity second = Certificates.make(directory, "second", "san=dns:localhost");
            second.write(cert, key);
            // Then
            await().untilAsserted(() -> assertThat(shown(manager)).isEqualTo(second.certificate()));
            // And a broken file changes nothing
            Files.writeString(cert, "not a certificate");
            await().during(Duration.ofMillis(300)).until(() -> shown(manager).equals(second.certificate()));
        }
    }

    @Test
    void aKeyOfAnotherCertificateChangesNothing() throws Exception {
        // Given
        Path cert = directory.resolve("tls.crt");
        Path key = directory.resolve("tls.key");
        Certificates.Identity first = Certificates.make(directory, "first", "san=dns:localhost");
        Certificates.Identity second = Certificates.make(directory, "second", "san=dns:localhost");
        first.write(cert, key);
        try (LogLines log = new LogLines();
                TlsFiles files = TlsFiles.reading(config(cert, key, null), true, Duration.ofMillis(50))) {
            X509KeyManager manager = (X509KeyManager) files.keyCertOptions()
                    .getKeyManagerFactory(io.vertx.core.Vertx.vertx())
                    .getKeyManagers()[0];
            // When the certificate is new and the key is still old
            second.write(directory.resolve("second.crt"), directory.resolve("second.key"));
            replace(cert, "second.crt");
            await().until(() -> log.problems() == 1);
            // Then connections are made as before
            assertThat(shown(manager)).isEqualTo(first.certificate());
            // And when the key follows, with the new ones
            replace(key, "second.key");
            await().untilAsserted(() -> assertThat(shown(manager)).isEqualTo(second.certificate()));
            // And the same problem is told again when it comes again
            first.write(directory.resolve("first.crt"), directory.resolve("first.key"));
            replace(cert, "first.crt");
            await().until(() -> log.problems() == 2);
            assertThat(shown(manager)).isEqualTo(second.certificate());
        }
    }

    @Test
    void aKeyOfAnotherCertificateIsAFaultAtStart() throws Exception {
        Path cert = directory.resolve("one.crt");
        Path key = directory.resolve("other.key");
        Certificates.make(directory, "one", "san=dns:a").write(cert, directory.resolve("one.key"));
        Certificates.make(directory, "other", "san=dns:a").write(directory.resolve("other.crt"), key);
        assertThatThrownBy(() -> TlsFiles.forServer(config(cert, key, null)))
                .hasMessageStartingWith("cert-file, key-file: ")
                .hasMessageEndingWith("the private key is not the certificate's");
    }

    @Test
    void aMissingFileIsNamedByItsKey() throws Exception {
        Path cert = directory.resolve("a.crt");
        Path key = directory.resolve("a.key");
        Certificates.make(directory, "a", "san=dns:a").write(cert, key);
        assertThatThrownBy(() -> TlsFiles.forServer(config(directory.resolve("none"), key, null)))
                .hasMessageStartingWith("cert-file: ");
        assertThatThrownBy(() -> TlsFiles.forServer(config(cert, null, null))).hasMessageStartingWith("key-file: ");
        assertThatThrownBy(() -> TlsFiles.forServer(config(null, null, null))).hasMessageStartingWith("cert-file: ");
        Path rubbish = Files.writeString(directory.resolve("rubbish"), "rubbish");
        assertThatThrownBy(() -> TlsFiles.forServer(config(cert, key, rubbish))).hasMessageStartingWith("ca-file: ");
        assertThatThrownBy(() -> TlsFiles.forServer(config(rubbish, key, null)))
                .hasMessageStartingWith("cert-file, key-file: ");
    }

    /** At once, so that no half of a file is read. */
    private void replace(Path file, String by) throws Exception {
        Files.move(directory.resolve(by), file, StandardCopyOption.ATOMIC_MOVE);
    }

    private Certificate shown(X509KeyManager manager) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new javax.net.ssl.KeyManager[] {manager}, null, null);
        SSLContext client = SSLContext.getInstance("TLS");
        client.init(null, new TrustManager[] {new TrustsAll()}, null);
        try (SSLServerSocket server =
                (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0)) {
            server.setSoTimeout(10_000);
            Thread accepting = Thread.ofVirtual().start(() -> {
                try (SSLSocket accepted = (SSLSocket) server.accept()) {
                    accepted.startHandshake();
                } catch (java.io.IOException e) {
                    // the client sees it too
                }
            });
            try (SSLSocket socket =
                    (SSLSocket) client.getSocketFactory().createSocket("localhost", server.getLocalPort())) {
                socket.startHandshake();
                return socket.getSession().getPeerCertificates()[0];
            } finally {
                accepting.join();
            }
        }
    }

    private static TlsConfig config(Path cert, Path key, Path ca) {
        return new TlsConfig() {
            @Override
            public Optional<Boolean> enabled() {
                return Optional.empty();
            }

            @Override
            public Optional<String> certFile() {
                return Optional.ofNullable(cert).map(Path::toString);
            }

            @Override
            public Optional<String> keyFile() {
                return Optional.ofNullable(key).map(Path::toString);
            }

            @Override
            public Optional<String> caFile() {
                return Optional.ofNullable(ca).map(Path::toString);
            }

            @Override
            public ClientAuth clientAuth() {
                return ClientAuth.REQUIRED;
            }

            @Override
            public Optional<String> serverName() {
                return Optional.empty();
            }
        };
    }

    /** Counts the warnings of unusable files. */
    private static final class LogLines extends Handler implements AutoCloseable {

        private final Logger logger = Logger.getLogger(TlsFiles.class.getName());
        private final AtomicInteger problems = new AtomicInteger();

        LogLines() {
            logger.addHandler(this);
        }

        int problems() {
            return problems.get();
        }

        @Override
        public void publish(LogRecord line) {
            if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
                problems.incrementAndGet();
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            logger.removeHandler(this);
        }
    }

    private static final class TrustsAll extends javax.net.ssl.X509ExtendedTrustManager implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
