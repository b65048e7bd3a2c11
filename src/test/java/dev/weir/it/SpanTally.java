package dev.weir.it;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Which spans there are, each by what is said of it, whatever their order: their number, a hash over them, and how often each
 * was seen.
 */
final class SpanTally {

    private final Map<String, Integer> seen = new HashMap<>();

    /** Ids in lower-case hex; leading zeros that a peer left out are put back. */
    void add(String traceId, String spanId, String name) {
        seen.merge(padded(traceId, 32) + " " + padded(spanId, 16) + " " + name, 1, Integer::sum);
    }

    /** All that a record says, of which only a hash is kept. */
    void add(Record span) {
        seen.merge(HexFormat.of().formatHex(sha256().digest(bytes(span.toString()))), 1, Integer::sum);
    }

    /** Different spans. */
    int distinct() {
        return seen.size();
    }

    /** Spans beyond the first of each. */
    int duplicates() {
        return seen.values().stream().mapToInt(n -> n - 1).sum();
    }

    /** Over the different spans. */
    String hash() {
        MessageDigest digest = sha256();
        seen.keySet().stream().sorted().forEach(span -> digest.update(bytes(span + "\n")));
        return HexFormat.of().formatHex(digest.digest());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String padded(String hex, int length) {
        return "0".repeat(Math.max(0, length - hex.length())) + hex;
    }
}
