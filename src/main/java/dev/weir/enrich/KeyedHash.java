package dev.weir.enrich;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA-256 under a key that nobody knows, and that ends with the process; its first 128 bits as text. For one thread. */
final class KeyedHash {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 16;

    private final Mac mac;

    /** @param key from {@link #newKey} */
    KeyedHash(byte[] key) {
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }

    static byte[] newKey() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return key;
    }

    /** 32 hexadecimal digits. */
    byte[] of(byte[] bytes, int from, int to) {
        mac.update(bytes, from, to - from);
        return HexFormat.of().formatHex(mac.doFinal(), 0, BYTES).getBytes(StandardCharsets.US_ASCII);
    }
}
