package dev.weir.enrich.identity;

/** Whether a text is an IP address, as RFC 4291 writes them, without a port, brackets or a zone. Asks no name service. */
public final class IpAddress {

    private static final int LONGEST_V6 = 45;
    private static final int GROUPS = 8;

    private IpAddress() {}

    /** Four decimal numbers; none with a zero in front, which some read as octal. */
    public static boolean isV4(byte[] b, int from, int to) {
        int numbers = 0;
        int at = from;
        while (numbers < 4) {
            int start = at;
            int number = 0;
            while (at < to && at - start < 3 && b[at] >= '0' && b[at] <= '9') {
                number = number * 10 + b[at++] - '0';
            }
            if (at == start || number > 255 || at - start > 1 && b[start] == '0') {
                return false;
            }
            numbers++;
            if (at == to) {
                return numbers == 4;
            }
            if (b[at++] != '.') {
                return false;
            }
        }
        return false;
    }

    /** Eight groups, or fewer with one gap of two colons; the last two may be written as an IPv4 address. */
    public static boolean isV6(byte[] b, int from, int to) {
        if (to - from < 2 || to - from > LONGEST_V6) {
            return false;
        }
        int at = from;
        boolean gap = b[at] == ':';
        if (gap) {
            if (b[at + 1] != ':') {
                return false;
            }
            at += 2;
        }
        int groups = 0;
        while (at < to) {
            int start = at;
            while (at < to && isHex(b[at])) {
                at++;
            }
            if (at < to && b[at] == '.') {
                groups += 2;
                return isV4(b, start, to) && (gap ? groups < GROUPS : groups == GROUPS);
            }
            if (at == start || at - start > 4) {
                return false;
            }
            groups++;
            if (at == to) {
                break;
            }
            if (b[at++] != ':' || at == to) {
                return false;
            }
            if (b[at] == ':') {
                if (gap) {
                    return false;
                }
                gap = true;
                at++;
            }
        }
        return gap ? groups < GROUPS : groups == GROUPS;
    }

    private static boolean isHex(byte b) {
        return b >= '0' && b <= '9' || b >= 'a' && b <= 'f' || b >= 'A' && b <= 'F';
    }
}
