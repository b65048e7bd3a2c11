package dev.weir.enrich.envoy;

import dev.weir.otlp.AttributeKeys;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Texts that become other texts, or stay what they are. */
final class Texts {

    /** What RFC 9110 and 5789 name, and QUERY: other methods are {@code _OTHER}, as the convention has it. */
    private static final AttributeKeys METHODS = new AttributeKeys(
            List.of("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "CONNECT", "TRACE", "QUERY"));

    static final byte[] OTHER = ascii("_OTHER");
    static final byte[] GRPC = ascii("grpc");
    private static final byte[] HTTP = ascii("http");
    private static final byte[] HTTP_SLASH = ascii("HTTP/");

    /** What Istio writes when nobody said which. */
    private static final AttributeKeys UNSET = new AttributeKeys(List.of("unknown", "latest", "default"));

    private static final byte[] SAMPLED = ascii("sampled");
    private static final byte[] FORCED = ascii("forced");
    private static final byte[] CLIENT = ascii("client");
    private static final int UUID = 36;
    private static final int REASON_AT = 14;

    private Texts() {}

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Empty, or the dash that Envoy writes for nothing. */
    static boolean isAbsent(byte[] b, int from, int to) {
        return from == to || to - from == 1 && b[from] == '-';
    }

    static boolean startsWith(byte[] b, int from, int to, byte[] start) {
        return to - from >= start.length
                && java.util.Arrays.equals(b, from, from + start.length, start, 0, start.length);
    }

    static boolean text(byte[] b, int from, int to, Target out) {
        out.text(0, b, from, to);
        return true;
    }

    /** But for what stands for "unset". */
    static boolean setText(byte[] b, int from, int to, Target out) {
        return UNSET.find(b, from, to) < 0 && text(b, from, to, out);
    }

    static boolean httpMethod(byte[] b, int from, int to, Target out) {
        if (METHODS.find(b, from, to) >= 0) {
            out.text(0, b, from, to);
        } else {
            out.text(0, OTHER);
            out.text(1, b, from, to);
        }
        return true;
    }

    /** {@code HTTP/1.1}, {@code HTTP/2}: the convention's version has no zero behind the point from 2 on. */
    static boolean protocol(byte[] b, int from, int to, Target out) {
        int version = from + HTTP_SLASH.length;
        if (!startsWith(b, from, to, HTTP_SLASH) || version == to || !isDigit(b[version])) {
            return false;
        }
        int end = to;
        if (to - version == 3 && b[version + 1] == '.' && isDigit(b[version + 2])) {
            end = b[version] >= '2' && b[version + 2] == '0' ? version + 1 : to;
        } else if (to - version != 1) {
            return false;
        }
        out.text(0, HTTP);
        out.text(1, b, version, end);
        return true;
    }

    /** {@code /package.Service/Method}: the convention leaves out the first slash, and a query is no part of the method. */
    static boolean rpcMethod(byte[] b, int from, int pathEnd, Target out) {
        int to = from;
        while (to < pathEnd && b[to] != '?') {
            to++;
        }
        int slash = from + 1;
        while (slash < to && b[slash] != '/') {
            slash++;
        }
        if (to == from || b[from] != '/' || slash == from + 1 || slash >= to - 1) {
            return false;
        }
        out.text(0, b, from + 1, to);
        out.text(1, GRPC);
        return true;
    }

    /** Envoy turns a digit of the request's UUID into why it traces: {@code 4} says that this id did not decide. */
    static boolean samplingReason(byte[] b, int from, int to, Target out) {
        if (to - from != UUID
                || b[from + 8] != '-'
                || b[from + 13] != '-'
                || b[from + 18] != '-'
                || b[from + 23] != '-') {
            return false;
        }
        switch (b[from + REASON_AT]) {
            case '9' -> out.text(0, SAMPLED);
            case 'a' -> out.text(0, FORCED);
            case 'b' -> out.text(0, CLIENT);
            default -> {
                return false;
            }
        }
        return true;
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
