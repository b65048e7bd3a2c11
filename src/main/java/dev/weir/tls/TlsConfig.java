package dev.weir.tls;

import io.smallrye.config.WithDefault;
import java.util.Optional;

/** TLS of one door or one destination. All files are PEM, and are read again when they change. */
public interface TlsConfig {
    /** Whether TLS is used; follows from {@code cert-file} at a door, and from the https scheme at a destination. */
    Optional<Boolean> enabled();

    /** Certificate chain that we show: the server's at a door (required for TLS), the client's at a destination. */
    Optional<String> certFile();

    /** Private key (PKCS#8) of {@code cert-file}. */
    Optional<String> keyFile();

    /** Certificates that we believe. At a door: clients must show a certificate signed by one of them (mutual TLS). */
    Optional<String> caFile();

    /** At a door with {@code ca-file}: {@code required} refuses clients without a certificate, {@code optional} admits them. */
    @WithDefault("required")
    ClientAuth clientAuth();

    /** At a destination: the host name that its certificate must bear, when it is not the endpoint's. */
    Optional<String> serverName();

    /** What a door asks of its clients when {@code ca-file} is set. */
    enum ClientAuth {
        REQUIRED,
        OPTIONAL
    }
}
