package dev.weir.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The certificates of a mesh, made by the JDK's keytool: one authority, and workloads' certificates as Istio issues them, with
 * the SPIFFE id as the name and without a subject.
 */
final class MeshCertificates {

    private static final String PASSWORD = "changeit";
    private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private final Path directory;
    private final Path store;
    private final Path authority;

    MeshCertificates(Path directory) {
        this.directory = directory;
        this.store = directory.resolve("mesh.p12");
        keytool("ca", List.of("-dname", "O=cluster.local", "-ext", "bc:c=ca:true", "-ext", "ku:c=keyCertSign"));
        this.authority = certificates("ca.pem", chain("ca"));
    }

    /**
     * @param certificate the workload's, then the authority's, as PEM
     * @param key in PKCS #8, as PEM
     */
    record Workload(String spiffeId, Path certificate, Path key) {}

    /** What everybody in the mesh trusts, as PEM. */
    Path authority() {
        return authority;
    }

    /** @param dns further names, for clients that check the name of the host */
    Workload workload(String namespace, String serviceAccount, String... dns) {
        String spiffeId = spiffeId(namespace, serviceAccount);
        String alias = namespace + "-" + serviceAccount;
        StringBuilder names = new StringBuilder("san:critical=uri:" + spiffeId);
        for (String name : dns) {
            names.append(",dns:").append(name);
        }
        keytool(alias, List.of("-signer", "ca", "-dname", "", "-ext", names.toString()));
        return new Workload(
                spiffeId,
                certificates(alias + ".pem", chain(alias)),
                Peers.write(directory, alias + ".key", pem("PRIVATE KEY", key(alias))));
    }

    static String spiffeId(String namespace, String serviceAccount) {
        return "spiffe://cluster.local/ns/" + namespace + "/sa/" + serviceAccount;
    }

    private void keytool(String alias, List<String> more) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC",
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
        command.addAll(more);
        Commands.run(directory, command);
    }

    private Certificate[] chain(String alias) {
        try {
            return keys().getCertificateChain(alias);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] key(String alias) {
        try {
            return keys().getKey(alias, PASSWORD.toCharArray()).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private KeyStore keys() throws GeneralSecurityException {
        try {
            return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path certificates(String file, Certificate[] chain) {
        StringBuilder text = new StringBuilder();
        try {
            for (Certificate certificate : chain) {
                text.append(pem("CERTIFICATE", certificate.getEncoded()));
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return Peers.write(directory, file, text.toString());
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n" + PEM.encodeToString(der) + "\n-----END " + type + "-----\n";
    }
}
