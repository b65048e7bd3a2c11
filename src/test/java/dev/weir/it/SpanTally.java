package dev.weir.it;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Which spans there are, each by trace id, span id and name, whatever their order: their number, a hash over them, and how
 * often each was seen.
 */
final class SpanTally {

    private final Map<String, Integer> seen = new HashMap<>();

    /** Ids in lower-case hex; leading zeros that a peer left out are put back. */
    void add(String traceId, String spanId, String name) {
        seen.merge(padded(traceId, 32) + " " + padded(spanId, 16) + " " + name, 1, Integer::sum);
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
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            seen.keySet().stream()
                    .sorted()
                    .forEach(span -> digest.update((span + "\n").getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String padded(String hex, int length) {
        return "0".repeat(Math.max(0, length - hex.length())) + hex;
    }
}
