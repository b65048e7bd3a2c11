package dev.weir.enrich.envoy;

import dev.weir.enrich.identity.IpAddress;

/** {@code 10.0.0.1:80}, {@code [fd00::1]:80}, or an address without a port; pipes and internal listeners are none. */
final class PeerAddress {

    private PeerAddress() {}

    static boolean convert(byte[] b, int from, int to, Target out) {
        int colon = last(b, from, to, (byte) ':');
        int first = from;
        int end = to;
        int port = to;
        if (b[from] == '[') {
            first = from + 1;
            end = last(b, from, to, (byte) ']');
            if (end < 0 || !IpAddress.isV6(b, first, end)) {
                return false;
            }
            port = end + 1;
        } else if (colon >= 0 && IpAddress.isV4(b, from, colon)) {
            end = colon;
            port = colon;
        } else if (!IpAddress.isV4(b, from, to) && !IpAddress.isV6(b, from, to)) {
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
}
