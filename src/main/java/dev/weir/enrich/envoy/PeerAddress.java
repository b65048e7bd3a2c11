package dev.weir.enrich.envoy;

/** {@code 10.0.0.1:80}, {@code [fd00::1]:80}, or an address without a port; pipes and internal listeners are none. */
final class PeerAddress {

    private static final int LONGEST_V6 = 45;

    private PeerAddress() {}

    static boolean convert(byte[] b, int from, int to, Target out) {
        int colon = last(b, from, to, (byte) ':');
        int first = from;
        int end = to;
        int port = to;
        if (b[from] == '[') {
            first = from + 1;
            end = last(b, from, to, (byte) ']');
            if (end < 0 || !isV6(b, first, end)) {
                return false;
            }
            port = end + 1;
        } else if (colon >= 0 && isV4(b, from, colon)) {
            end = colon;
            port = colon;
        } else if (!isV4(b, from, to) && !isV6(b, from, to)) {
            return false;
        }
        if (port == to) {
            out.text(0, b, first, end);
            return true;
        }
        long number = b[port] == ':' ? Numbers.read(b, port + 1, to, 5) : -1;
        if (number < 0 || number > 0xffff) {
            return false;
        }
        out.text(0, b, first, end);
        if (number > 0) {
            out.integer(1, number);
        }
        return true;
    }

    private static int last(byte[] b, int from, int to, byte wanted) {
        int at = to - 1;
        while (at >= from && b[at] != wanted) {
            at--;
        }
        return at >= from ? at : -1;
    }

    private static boolean isV4(byte[] b, int from, int to) {
        int octets = 0;
        int start = from;
        for (int p = from; p <= to; p++) {
            if (p == to || b[p] == '.') {
                long octet = Numbers.read(b, start, p, 3);
                if (octet < 0 || octet > 255) {
                    return false;
                }
                octets++;
                start = p + 1;
            }
        }
        return octets == 4;
    }

    /** What an address is made of; whether its groups are right is left to who reads it. */
    private static boolean isV6(byte[] b, int from, int to) {
        int colons = 0;
        for (int p = from; p < to; p++) {
            if (b[p] == ':') {
                colons++;
            } else if (Character.digit(b[p], 16) < 0 && b[p] != '.') {
                return false;
            }
        }
        return colons >= 2 && to - from <= LONGEST_V6;
    }
}
