package dev.weir.enrich.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;

/**
 * What one of Istio's proxies says of itself: {@code type~ip~pod.namespace~domain}. Its own claim.
 *
 * @param type {@code sidecar}, {@code router} or {@code waypoint}
 * @param ip of the pod, as it stands there: an IPv4 or IPv6 address
 * @param pod its name, which may have dots
 * @param namespace in which it runs
 */
public record NodeId(String type, String ip, String pod, String namespace) {

    /** The longest that a name, a namespace and a domain of Kubernetes make. */
    private static final int MOST_LENGTH = 1024;

    private static final int MOST_POD = 253;
    private static final int MOST_NAMESPACE = 63;
    private static final String[] TYPES = {"sidecar", "router", "waypoint"};

    /** Null for whatever is not certainly a node id. */
    public static @Nullable NodeId parse(byte[] utf8, int from, int to) {
        if (to - from > MOST_LENGTH) {
            return null;
        }
        int first = tilde(utf8, from, to);
        int second = first < 0 ? -1 : tilde(utf8, first + 1, to);
        int third = second < 0 ? -1 : tilde(utf8, second + 1, to);
        if (third < 0 || third + 1 == to || tilde(utf8, third + 1, to) >= 0) {
            return null;
        }
        String type = type(utf8, from, first);
        int dot = third - 1;
        while (dot > second && utf8[dot] != '.') {
            dot--;
        }
        if (type == null
                || !(IpAddress.isV4(utf8, first + 1, second) || IpAddress.isV6(utf8, first + 1, second))
                || dot == second
                || !isName(utf8, second + 1, dot, MOST_POD)
                || !isName(utf8, dot + 1, third, MOST_NAMESPACE)) {
            return null;
        }
        return new NodeId(type, text(utf8, first + 1, second), text(utf8, second + 1, dot), text(utf8, dot + 1, third));
    }

    private static int tilde(byte[] utf8, int from, int to) {
        for (int i = from; i < to; i++) {
            if (utf8[i] == '~') {
                return i;
            }
        }
        return -1;
    }

    private static @Nullable String type(byte[] utf8, int from, int to) {
        for (String type : TYPES) {
            if (type.length() == to - from && type.equals(text(utf8, from, to))) {
                return type;
            }
        }
        return null;
    }

    /** Letters, digits, and between them dots and hyphens: RFC 1123, as Kubernetes has it. */
    private static boolean isName(byte[] utf8, int from, int to, int most) {
        if (to - from < 1 || to - from > most || !isLowerOrDigit(utf8[from]) || !isLowerOrDigit(utf8[to - 1])) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (!isLowerOrDigit(utf8[i]) && utf8[i] != '-' && utf8[i] != '.') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLowerOrDigit(byte b) {
        return b >= 'a' && b <= 'z' || b >= '0' && b <= '9';
    }

    private static String text(byte[] utf8, int from, int to) {
        return new String(utf8, from, to - from, US_ASCII);
    }
}
