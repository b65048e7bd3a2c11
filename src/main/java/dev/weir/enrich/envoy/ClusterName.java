package dev.weir.enrich.envoy;

import dev.weir.otlp.AttributeKeys;
import java.util.List;

/**
 * The name of a cluster, as Istio forms it: {@code outbound|PORT|SUBSET|HOST}, {@code outbound_.PORT_.SUBSET_.HOST}, a
 * waypoint's {@code inbound-vip|PORT|http/SUBSET|HOST}, {@code inbound|PORT||}, or one of those for what the mesh does not
 * know. Its stat name has a semicolon behind it.
 */
final class ClusterName {

    private static final int ADDRESS = 0;
    private static final int PORT = 1;
    private static final int SERVICE = 2;
    private static final int SUBSET = 3;
    private static final int PASSTHROUGH = 4;
    private static final int BLACKHOLE = 5;

    private static final int LONGEST_HOST = 253;

    private static final byte[] OUTBOUND = Texts.ascii("outbound|");
    private static final byte[] OUTBOUND_SNI = Texts.ascii("outbound_.");
    private static final byte[] INBOUND_VIP = Texts.ascii("inbound-vip|");
    private static final byte[] INBOUND = Texts.ascii("inbound|");
    private static final byte[] HTTP = Texts.ascii("http/");
    private static final byte[] SVC = Texts.ascii("svc");

    private static final AttributeKeys SPECIAL = new AttributeKeys(List.of(
            "BlackHoleCluster", "PassthroughCluster", "InboundPassthroughCluster", "AllowAnyDynamicDNSCluster"));

    private static final AttributeKeys PROTOCOLS = new AttributeKeys(List.of("http", "tcp"));

    private ClusterName() {}

    static boolean convert(byte[] b, int from, int to, Target out) {
        int end = b[to - 1] == ';' ? to - 1 : to;
        if (Texts.startsWith(b, from, end, OUTBOUND)) {
            return parts(b, from + OUTBOUND.length, end, (byte) '|', 1, out.parts) && destination(b, out);
        }
        if (Texts.startsWith(b, from, end, OUTBOUND_SNI)) {
            return parts(b, from + OUTBOUND_SNI.length, end, (byte) '_', 2, out.parts) && destination(b, out);
        }
        if (Texts.startsWith(b, from, end, INBOUND_VIP)) {
            return parts(b, from + INBOUND_VIP.length, end, (byte) '|', 1, out.parts)
                    && protocolLeftOut(b, out.parts)
                    && destination(b, out);
        }
        int special = SPECIAL.find(b, from, end);
        if (special >= 0) {
            out.truth(special == 0 ? BLACKHOLE : PASSTHROUGH);
        }
        return special >= 0 || Texts.startsWith(b, from, end, INBOUND);
    }

    /** Bounds of port, subset and host into {@code parts}; false when there are not three. */
    private static boolean parts(byte[] b, int from, int to, byte separator, int width, int[] parts) {
        int part = 0;
        int start = from;
        for (int p = from; p + width <= to && part < 2; p++) {
            if (b[p] == separator && (width == 1 || b[p + 1] == '.')) {
                parts[2 * part] = start;
                parts[2 * part + 1] = p;
                part++;
                start = p + width;
                p = start - 1;
            }
        }
        parts[2 * part] = start;
        parts[2 * part + 1] = to;
        return part == 2;
    }

    /** Where a waypoint says {@code http} or {@code http/SUBSET}, the subset alone. */
    private static boolean protocolLeftOut(byte[] b, int[] parts) {
        if (Texts.startsWith(b, parts[2], parts[3], HTTP)) {
            parts[2] += HTTP.length;
            return parts[2] < parts[3];
        }
        boolean known = PROTOCOLS.find(b, parts[2], parts[3]) >= 0;
        parts[2] = parts[3];
        return known;
    }

    private static boolean destination(byte[] b, Target out) {
        int[] parts = out.parts;
        long port = Numbers.read(b, parts[0], parts[1], 5);
        int host = parts[4];
        int end = parts[5];
        if (port <= 0 || port > 0xffff || !isLabel(b, parts[2], parts[3]) || !isHost(b, host, end)) {
            return false;
        }
        if (parts[3] > parts[2]) {
            out.text(SUBSET, b, parts[2], parts[3]);
        }
        out.integer(PORT, port);
        if (b[host] != '*') {
            out.text(ADDRESS, b, host, end);
            out.text(SERVICE, b, host, serviceEnd(b, host, end));
        }
        return true;
    }

    /** {@code reviews.shop} of {@code reviews.shop.svc.cluster.local}, as Istio names services; other hosts are whole. */
    private static int serviceEnd(byte[] b, int from, int to) {
        int dots = 0;
        for (int p = from; p < to; p++) {
            if (b[p] == '.' && ++dots == 2) {
                int next = p + 1 + SVC.length;
                return Texts.startsWith(b, p + 1, to, SVC) && (next == to || b[next] == '.') ? p : to;
            }
        }
        return to;
    }

    private static boolean isHost(byte[] b, int from, int to) {
        return to > from && to - from <= LONGEST_HOST && isLabel(b, from, to);
    }

    /** Printable, without what separates. */
    private static boolean isLabel(byte[] b, int from, int to) {
        for (int p = from; p < to; p++) {
            if (b[p] <= ' ' || b[p] == 0x7f || b[p] == '|' || b[p] == ';') {
                return false;
            }
        }
        return true;
    }
}
