package dev.weir.enrich.identity;

import org.jspecify.annotations.Nullable;

/**
 * The name of a workload, as the SPIFFE-ID specification (section 2) has it.
 *
 * @param uri the whole, {@code spiffe://trust-domain/path}, at most {@value #MOST_LENGTH} characters
 * @param trustDomain whose authority vouches for it
 * @param namespace of the Kubernetes service account; null when the path is not Istio's {@code /ns/…/sa/…}
 * @param serviceAccount null together with the namespace
 */
public record SpiffeId(
        String uri,
        String trustDomain,
        @Nullable String namespace,
        @Nullable String serviceAccount) {

    static final String SCHEME = "spiffe://";
    /** SPIFFE-ID, section 2.3. */
    static final int MOST_LENGTH = 2048;

    private static final int MOST_TRUST_DOMAIN = 255;

    /** Null for what is no SPIFFE id of a workload: another scheme, an unexpected character, no path, an empty segment. */
    public static @Nullable SpiffeId parse(String text) {
        if (text.length() > MOST_LENGTH || !text.startsWith(SCHEME)) {
            return null;
        }
        int path = text.indexOf('/', SCHEME.length());
        if (path < 0 || path - SCHEME.length() > MOST_TRUST_DOMAIN) {
            return null;
        }
        String trustDomain = text.substring(SCHEME.length(), path);
        if (!isTrustDomain(trustDomain) || !isPath(text, path)) {
            return null;
        }
        String[] segments = text.substring(path + 1).split("/", -1);
        boolean istio = segments.length == 4 && segments[0].equals("ns") && segments[2].equals("sa");
        return new SpiffeId(text, trustDomain, istio ? segments[1] : null, istio ? segments[3] : null);
    }

    private static boolean isTrustDomain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isLowerOrDigit(c) && c != '.' && c != '-' && c != '_') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Segments of letters, digits, {@code .-_}, none of them empty, {@code .} or {@code ..}. */
    private static boolean isPath(String text, int from) {
        int segment = from + 1;
        for (int i = segment; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == '/') {
                if (i == segment || isDots(text, segment, i)) {
                    return false;
                }
                segment = i + 1;
            } else if (!isSegmentCharacter(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDots(String text, int from, int to) {
        return to - from <= 2 && text.charAt(from) == '.' && text.charAt(to - 1) == '.';
    }

    private static boolean isSegmentCharacter(char c) {
        return isLowerOrDigit(c) || c >= 'A' && c <= 'Z' || c == '.' || c == '-' || c == '_';
    }

    private static boolean isLowerOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
    }
}
