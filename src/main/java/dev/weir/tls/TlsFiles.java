package dev.weir.tls;

import dev.weir.tls.TlsConfig.ClientAuth;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * An identity and a trust read from PEM files, and read again when their content changes: new connections then use the
 * new ones, open connections stay. A new file that cannot be read, or a certificate and a key that do not belong together,
 * leave the old content in use, with a warning.
 */
public final class TlsFiles implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(TlsFiles.class);
    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final TlsConfig config;
    private final @Nullable AdvancedTlsX509KeyManager identity;
    private final @Nullable AdvancedTlsX509TrustManager trust;
    private final ScheduledExecutorService reader;
    private String identityContent = "";
    private String trustContent = "";
    private String lastProblem = "";

    /**
     * A door's side.
     *
     * @throws IllegalArgumentException with a sentence that starts with the key: {@code cert-file}, {@code key-file} or
     *     {@code ca-file}
     */
    public static TlsFiles forServer(TlsConfig config) {
        if (config.certFile().isEmpty()) {
            throw new IllegalArgumentException("cert-file: a door with TLS needs a certificate");
        }
        return new TlsFiles(config, true, PERIOD);
    }

    /** A destination's side; without {@code ca-file} the certificates that the JVM knows are believed. */
    public static TlsFiles forClient(TlsConfig config) {
        return new TlsFiles(config, false, PERIOD);
    }

    static TlsFiles reading(TlsConfig config, boolean server, Duration period) {
        return new TlsFiles(config, server, period);
    }

    /** Whether a door with this configuration speaks TLS. */
    public static boolean isOnAtDoor(TlsConfig config) {
        return config.enabled().orElse(config.certFile().isPresent());
    }

    private TlsFiles(TlsConfig config, boolean server, Duration period) {
        this.config = config;
        if (config.certFile().isPresent() && config.keyFile().isEmpty()) {
            throw new IllegalArgumentException("key-file: is required with cert-file");
        }
        if (config.keyFile().isPresent() && config.certFile().isEmpty()) {
            throw new IllegalArgumentException("cert-file: is required with key-file");
        }
        readable("cert-file", config.certFile());
        readable("key-file", config.keyFile());
        readable("ca-file", config.caFile());
        identity = config.certFile().isPresent() ? new AdvancedTlsX509KeyManager() : null;
        trust = config.caFile().isPresent() ? trustManager(server) : null;
        try {
            readIdentity();
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "cert-file, key-file: '" + config.certFile().orElse("") + "' and '"
                            + config.keyFile().orElse("") + "' are not a PEM certificate and its PKCS#8 key: "
                            + e.getMessage(),
                    e);
        }
        try {
            readTrust();
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "ca-file: '" + config.caFile().orElse("") + "' holds no PEM certificates: " + e.getMessage(), e);
        }
        reader = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "weir-tls");
            thread.setDaemon(true);
            return thread;
        });
        reader.scheduleWithFixedDelay(this::readAgain, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** For a grpc-java server; asks for client certificates as {@code client-auth} says. */
    public SslContext nettyServer() {
        if (identity == null) {
            throw new IllegalStateException("a server needs a certificate");
        }
        SslContextBuilder builder = SslContextBuilder.forServer(identity);
        if (trust != null) {
            builder.trustManager((TrustManager) trust)
                    .clientAuth(
                            config.clientAuth() == ClientAuth.REQUIRED
                                    ? io.netty.handler.ssl.ClientAuth.REQUIRE
                                    : io.netty.handler.ssl.ClientAuth.OPTIONAL);
        }
        return build(GrpcSslContexts.configure(builder));
    }

    /** For a grpc-java channel. */
    public SslContext nettyClient() {
        SslContextBuilder builder = GrpcSslContexts.forClient();
        if (identity != null) {
            builder.keyManager(identity);
        }
        if (trust != null) {
            builder.trustManager((TrustManager) trust);
        }
        return build(builder);
    }

    /** For a Vert.x server or client; null without {@code cert-file}. */
    public @Nullable KeyCertOptions keyCertOptions() {
        return identity == null ? null : KeyCertOptions.wrap(identity);
    }

    /** For a Vert.x server or client; null without {@code ca-file}. */
    public @Nullable TrustOptions trustOptions() {
        return trust == null ? null : TrustOptions.wrap(trust);
    }

    @Override
    public void close() {
        reader.shutdownNow();
    }

    private void readAgain() {
        try {
            if (readIdentity()) {
                LOG.infof("read %s again", config.certFile().orElse(""));
            }
            if (readTrust()) {
                LOG.infof("read %s again", config.caFile().orElse(""));
            }
            lastProblem = "";
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            String problem = String.valueOf(e.getMessage());
            if (!problem.equals(lastProblem)) {
                lastProblem = problem;
                LOG.warnf("TLS files have changed but cannot be used, the old content stays: %s", problem);
            }
        }
    }

    /** Content is compared, not times: a mounted secret is swapped by a link, and times may go back. */
    private boolean readIdentity() throws IOException, GeneralSecurityException {
        if (identity == null) {
            return false;
        }
        byte[] cert = Files.readAllBytes(Path.of(config.certFile().orElseThrow()));
        byte[] key = Files.readAllBytes(Path.of(config.keyFile().orElseThrow()));
        String content = digest(cert) + digest(key);
        if (content.equals(identityContent)) {
            return false;
        }
        Identity read = Identity.read(cert, key);
        identity.updateIdentityCredentials(read.chain().toArray(X509Certificate[]::new), read.key());
        identityContent = content;
        return true;
    }

    private boolean readTrust() throws IOException, GeneralSecurityException {
        if (trust == null) {
            return false;
        }
        File ca = new File(config.caFile().orElseThrow());
        String content = digest(Files.readAllBytes(ca.toPath()));
        if (content.equals(trustContent)) {
            return false;
        }
        trust.updateTrustCredentialsFromFile(ca);
        trustContent = content;
        return true;
    }

    private static String digest(byte[] content) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    private static void readable(String key, Optional<String> file) {
        if (file.isPresent() && !Files.isReadable(Path.of(file.get()))) {
            throw new IllegalArgumentException(key + ": '" + file.get() + "' cannot be read");
        }
    }

    /** Who may connect to us is anyone with a good certificate; whom we connect to must also bear the right name. */
    private static AdvancedTlsX509TrustManager trustManager(boolean server) {
        try {
            return AdvancedTlsX509TrustManager.newBuilder()
                    .setVerification(
                            server
                                    ? AdvancedTlsX509TrustManager.Verification.CERTIFICATE_ONLY_VERIFICATION
                                    : AdvancedTlsX509TrustManager.Verification.CERTIFICATE_AND_HOST_NAME_VERIFICATION)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no X.509 trust manager", e);
        }
    }

    private static SslContext build(SslContextBuilder builder) {
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new IllegalStateException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }
}
