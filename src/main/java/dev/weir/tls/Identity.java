package dev.weir.tls;

import io.grpc.util.CertificateUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

/** A certificate, those that vouch for it, and its private key: never a key of another. */
record Identity(List<X509Certificate> chain, PrivateKey key) {

    private static final byte[] NONCE = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3};

    /**
     * @param cert PEM, the certificate first
     * @param key PEM, PKCS#8
     * @throws KeyException when the key is not the certificate's: while both files are being replaced, one may be read new
     *     and the other old
     */
    static Identity read(byte[] cert, byte[] key) throws IOException, GeneralSecurityException {
        X509Certificate[] chain = CertificateUtils.getX509Certificates(new ByteArrayInputStream(cert));
        if (chain.length == 0) {
            throw new CertificateException("no certificate");
        }
        PrivateKey privateKey = CertificateUtils.getPrivateKey(new ByteArrayInputStream(key));
        if (!belong(chain[0], privateKey)) {
            throw new KeyException("the private key is not the certificate's");
        }
        return new Identity(List.of(chain), privateKey);
    }

    /** Whether what the key signs is what the certificate says was signed by its owner. */
    private static boolean belong(X509Certificate certificate, PrivateKey key) throws GeneralSecurityException {
        String kind = certificate.getPublicKey().getAlgorithm();
        if (!kind.equals(key.getAlgorithm())) {
            return false;
        }
        Signature signature = Signature.getInstance(
                switch (kind) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> kind;
                });
        signature.initSign(key);
        signature.update(NONCE);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(NONCE);
        try {
            return signature.verify(signed);
        } catch (SignatureException e) {
            return false; // of another length, or on another curve
        }
    }
}
