package dev.weir.tls;

import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Whom a verified client certificate names. */
public final class PeerPrincipal {

    private static final int URI = 6; // GeneralName, RFC 5280 4.2.1.6

    private PeerPrincipal() {}

    /**
     * The URI among its subject alternative names (a SPIFFE id) when there is exactly one, as the X.509-SVID specification
     * (section 2) demands, else its subject, and where that is empty its issuer and serial number (RFC 5280, 4.1.2.2: no other
     * certificate has both); null without a certificate.
     */
    public static @Nullable String of(@Nullable SSLSession session) {
        if (session == null) {
            return null;
        }
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate certificate ? name(certificate) : null;
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    private static String name(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            List<String> uris = names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> name.get(0) instanceof Integer type && type == URI)
                            .map(name -> String.valueOf(name.get(1)))
                            .toList();
            if (uris.size() == 1) {
                return uris.get(0);
            }
        } catch (CertificateParsingException e) {
            // falls back to the subject, which the same certificate authority vouches for
        }
        String subject = certificate.getSubjectX500Principal().getName();
        return subject.isEmpty()
                ? "serial=" + certificate.getSerialNumber().toString(16) + ",issuer="
                        + certificate.getIssuerX500Principal().getName()
                : subject;
    }
}
