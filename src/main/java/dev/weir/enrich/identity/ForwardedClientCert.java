package dev.weir.enrich.identity;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The last element of {@code x-forwarded-client-cert}, which the proxy in front of us has written. Grammar: Envoy, "HTTP header
 * manipulation", x-forwarded-client-cert: elements parted by commas, in them {@code key=value} parted by semicolons, keys in any
 * case, values with {@code ,;=} in double quotes, in which a backslash stands before a quote (and, in what Envoy writes of a
 * subject, before any other special character).
 *
 * <p>Envoy appends a comma and its element to whatever the sender wrote, without looking at that. So the element is the text
 * after the last comma outside of quotes <em>as seen from the end</em>, where the text is Envoy's own: nothing that stands
 * before it can move that comma. Read from the start, a quote that the sender left open would swallow Envoy's element. The
 * whole must be sound from the start too, quotes only around whole values and no backslash elsewhere; then both directions
 * see the same quotes, and there is only one reading.
 */
final class ForwardedClientCert {

    private final Set<String> receivers;

    /** @param receivers the SPIFFE ids whose elements are believed */
    ForwardedClientCert(Set<String> receivers) {
        this.receivers = receivers;
    }

    /** What the last element says: a caller that is verified, or why not. */
    Caller read(String header) {
        Outcome fault = fault(header);
        if (fault != null) {
            return Caller.unknown(fault);
        }
        String by = null;
        String uri = null;
        int at = lastElement(header);
        while (at <= header.length()) {
            int end = endOfPair(header, at);
            int equals = header.indexOf('=', at);
            if (!isKey(header, at, equals) || equals >= end) {
                return Caller.unknown(Outcome.MALFORMED);
            }
            if (isKey(header, at, equals, "By")) {
                if (by != null) {
                    return Caller.unknown(Outcome.AMBIGUOUS);
                }
                by = value(header, equals + 1, end);
            } else if (isKey(header, at, equals, "URI")) {
                if (uri != null) {
                    return Caller.unknown(Outcome.AMBIGUOUS);
                }
                uri = value(header, equals + 1, end);
            }
            at = end + 1;
        }
        if (by == null || !receivers.contains(by)) {
            return Caller.unknown(Outcome.NOT_FOR_US);
        }
        SpiffeId sender = uri == null ? null : SpiffeId.parse(uri);
        return sender == null ? Caller.unknown(Outcome.NO_IDENTITY) : new Caller(sender, false, Outcome.VERIFIED);
    }

    /** From the left, all elements: whether quotes stand around whole values, are closed, and are the only place of backslashes. */
    private static @Nullable Outcome fault(String header) {
        boolean quoted = false;
        for (int i = 0; i < header.length(); i++) {
            char c = header.charAt(i);
            if (c == '\\') {
                if (!quoted) {
                    return Outcome.MALFORMED;
                }
                i++;
            } else if (c == '"') {
                if (!quoted && (i == 0 || header.charAt(i - 1) != '=') || quoted && !isEndOfValue(header, i + 1)) {
                    // A quote that was left open before ends where another begins.
                    return Outcome.UNBALANCED;
                }
                quoted = !quoted;
            }
        }
        return quoted ? Outcome.UNBALANCED : null;
    }

    private static boolean isEndOfValue(String header, int at) {
        return at == header.length() || header.charAt(at) == ';' || header.charAt(at) == ',';
    }

    /** From the right: where the text after the last comma outside of quotes begins. */
    static int lastElement(String header) {
        boolean quoted = false;
        for (int i = header.length() - 1; i >= 0; i--) {
            char c = header.charAt(i);
            if (c == '"' && !isEscaped(header, i)) {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                return i + 1;
            }
        }
        return 0;
    }

    /** Whether an odd number of backslashes stands before it. */
    private static boolean isEscaped(String header, int at) {
        int i = at;
        while (i > 0 && header.charAt(i - 1) == '\\') {
            i--;
        }
        return (at - i) % 2 == 1;
    }

    private static int endOfPair(String header, int from) {
        boolean quoted = false;
        for (int i = from; i < header.length(); i++) {
            char c = header.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ';' && !quoted) {
                return i;
            }
        }
        return header.length();
    }

    private static boolean isKey(String header, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = header.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z')) {
                return false;
            }
        }
        return to > from;
    }

    private static boolean isKey(String header, int from, int to, String key) {
        return to - from == key.length() && header.regionMatches(true, from, key, 0, key.length());
    }

    /** Without its quotes. What is escaped stays so: no identity has anything to escape. */
    private static String value(String header, int from, int to) {
        boolean quoted = to - from >= 2 && header.charAt(from) == '"';
        return quoted ? header.substring(from + 1, to - 1) : header.substring(from, to);
    }
}
