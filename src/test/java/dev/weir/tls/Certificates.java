package dev.weir.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

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

    /**
     * @param name its subject's common name; with an empty one there is no subject
     * @param extension of keytool's {@code -ext}, such as {@code san=uri:spiffe://a/b}
     */
    public static Identity make(Path directory, String name, String extension) throws Exception {
        Path store = directory.resolve("store-" + System.nanoTime());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                name.isEmpty() ? "" : "CN=" + name,
                "-validity",
                "30",
                "-ext",
                extension,
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit",
                "-storetype",
                "PKCS12"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException("keytool: " + output);
        }
        KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        return new Identity(keys.getCertificate("a"), keys.getKey("a", "changeit".toCharArray()));
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n" + PEM.encodeToString(der) + "\n-----END " + type + "-----\n";
    }
}
