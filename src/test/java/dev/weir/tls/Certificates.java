package dev.weir.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Self-signed certificates as PEM files, made by the JDK's keytool. */
public final class Certificates {

    private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private Certificates() {}

    /** A certificate and its key in one store. */
    public record Identity(Certificate certificate, java.security.Key key) {

        public void write(Path certFile, Path keyFile) throws Exception {
            Files.writeString(certFile, pem("CERTIFICATE", certificate.getEncoded()));
            Files.writeString(keyFile, pem("PRIVATE KEY", key.getEncoded()));
        }
    }

    /** @param extension of keytool's {@code -ext}, such as {@code san=uri:spiffe://a/b} */
    public static Identity make(Path directory, String name, String extension) throws Exception {
        Path store = directory.resolve("store-" + System.nanoTime());
        keytool(store, "a", "CN=" + name, "-ext", extension);
        return read(store, "a");
    }

    /** Without a subject. @param issuer where the certificate of who signed it is written */
    public static Identity makeWithoutSubject(Path directory, String extension, Path issuer) throws Exception {
        Path store = directory.resolve("store-" + System.nanoTime());
        keytool(store, "ca", "CN=ca", "-ext", "bc:c=ca:true");
        keytool(store, "a", "", "-ext", extension, "-signer", "ca");
        Files.writeString(
                issuer, pem("CERTIFICATE", read(store, "ca").certificate().getEncoded()));
        return read(store, "a");
    }

    /** Of a client that trusts that certificate alone. */
    public static SSLContext trusting(Path certificate) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (var in = Files.newInputStream(certificate)) {
            trusted.setCertificateEntry(
                    "weir", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private static void keytool(Path store, String alias, String subject, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-dname",
                subject,
                "-validity",
                "30",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit",
                "-storetype",
                "PKCS12"));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException("keytool: " + output);
        }
    }

    private static Identity read(Path store, String alias) throws Exception {
        KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        return new Identity(keys.getCertificate(alias), keys.getKey(alias, "changeit".toCharArray()));
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n" + PEM.encodeToString(der) + "\n-----END " + type + "-----\n";
    }
}
