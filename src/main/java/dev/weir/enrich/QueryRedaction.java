package dev.weir.enrich;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/**
 * Replaces the values of some parameters in the query of a URL, as the semantic conventions ask of {@code url.full}; every
 * other byte stays. Names are compared in any case, and as they are when percent-decoded. For one thread.
 */
final class QueryRedaction {

    private static final byte[] REPLACEMENT = "REDACTED".getBytes(StandardCharsets.US_ASCII);

    /** A longer buffer is let go after the request. */
    private static final int KEPT = 64 << 10;

    private final byte[][] names;
    private final int longest;
    private byte[] out = new byte[256];
    private int length;

    /** @param names of parameters, in any case */
    QueryRedaction(Collection<String> names) {
        this.names = names.stream()
                .map(name -> name.strip().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8))
                .filter(name -> name.length > 0)
                .toArray(byte[][]::new);
        longest = Arrays.stream(this.names).mapToInt(name -> name.length).max().orElse(0);
    }

    boolean isOff() {
        return names.length == 0;
    }

    /**
     * Looks for such values; when there are any, {@link #bytes} is the text without them.
     *
     * @param isQuery whether the text is a query, and not a URL or path that may have one
     */
    boolean redact(byte[] text, int from, int to, boolean isQuery) {
        int start = isQuery ? from : queryStart(text, from, to);
        if (start < 0 || names.length == 0) {
            return false;
        }
        length = 0;
        int copied = from;
        int p = start;
        while (p < to && (isQuery || text[p] != '#')) {
            int name = p;
            while (p < to && text[p] != '=' && !isEnd(text[p], isQuery)) {
                p++;
            }
            int nameEnd = p;
            while (p < to && !isEnd(text[p], isQuery)) {
                p++;
            }
            boolean listed = p > nameEnd + 1 && isListed(text, name, nameEnd);
            while (listed && p < to && text[p] == ';') { // to most readers it is part of the value
                p++;
                while (p < to && !isEnd(text[p], isQuery)) {
                    p++;
                }
            }
            if (listed && !isReplacement(text, nameEnd + 1, p)) {
                add(text, copied, nameEnd + 1);
                add(REPLACEMENT, 0, REPLACEMENT.length);
                copied = p;
            }
            if (p < to && (isQuery || text[p] != '#')) {
                p++;
            }
        }
        if (copied == from) {
            return false;
        }
        add(text, copied, to);
        return true;
    }

    /** Lets a long text go. */
    void forget() {
        if (out.length > KEPT) {
            out = new byte[256];
        }
    }

    byte[] bytes() {
        return out;
    }

    int length() {
        return length;
    }

    private static int queryStart(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text[i] == '?') {
                return i + 1;
            }
        }
        return -1;
    }

    private static boolean isEnd(byte b, boolean isQuery) {
        return b == '&' || b == ';' || b == '#' && !isQuery;
    }

    private boolean isListed(byte[] text, int from, int to) {
        if (to - from > 3 * longest) {
            return false;
        }
        for (byte[] name : names) {
            if (matches(name, text, from, to)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(byte[] name, byte[] text, int from, int to) {
        int p = from;
        for (byte expected : name) {
            if (p >= to) {
                return false;
            }
            int b = text[p];
            if (b == '%' && p + 2 < to && hex(text[p + 1]) >= 0 && hex(text[p + 2]) >= 0) {
                b = (byte) (hex(text[p + 1]) << 4 | hex(text[p + 2]));
                p += 3;
            } else {
                p++;
            }
            if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != expected) {
                return false;
            }
        }
        return p == to;
    }

    private static int hex(byte b) {
        return Character.digit(b, 16);
    }

    private static boolean isReplacement(byte[] text, int from, int to) {
        return Arrays.equals(text, from, to, REPLACEMENT, 0, REPLACEMENT.length);
    }

    private void add(byte[] bytes, int from, int to) {
        int count = to - from;
        if (count > out.length - length) {
            out = Arrays.copyOf(out, Math.max(length + count, 2 * out.length));
        }
        System.arraycopy(bytes, from, out, length, count);
        length += count;
    }
}
