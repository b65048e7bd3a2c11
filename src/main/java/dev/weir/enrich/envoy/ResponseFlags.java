package dev.weir.enrich.envoy;

import dev.weir.otlp.AttributeKeys;
import java.util.List;

/** {@code URX,UF}: what Envoy noted of a response. */
final class ResponseFlags {

    /** Envoy knows thirty; a request has one or two. */
    static final int MOST = 16;

    /**
     * Those that say that the request failed. Not among them: an injected delay (DI), a response from the cache (RFCF), and
     * flags that are not Envoy's own.
     */
    private static final AttributeKeys FAILURES = new AttributeKeys(List.of(
            "LH", "UH", "UT", "LR", "UR", "UF", "UC", "UO", "NR", "FI", "RL", "UAEX", "RLSE", "DC", "URX", "SI", "IH",
            "DPE", "UMSDR", "NFCF", "DT", "UPE", "NC", "OM", "DF", "DO", "DR", "UDO"));

    private ResponseFlags() {}

    static boolean convert(byte[] b, int from, int to, Target out) {
        int count = split(b, from, to, out.parts);
        if (count <= 0) {
            return false;
        }
        out.texts(0, b, count);
        for (int i = 0; i < count; i++) {
            if (FAILURES.find(b, out.parts[2 * i], out.parts[2 * i + 1]) >= 0) {
                out.text(1, b, out.parts[2 * i], out.parts[2 * i + 1]);
                break;
            }
        }
        return true;
    }

    /** How many flags there are; −1 when that is no list of flags. */
    private static int split(byte[] b, int from, int to, int[] parts) {
        int count = 0;
        int start = from;
        for (int p = from; p <= to; p++) {
            if (p == to || b[p] == ',') {
                if (p == start || count == MOST) {
                    return -1;
                }
                parts[2 * count] = start;
                parts[2 * count + 1] = p;
                count++;
                start = p + 1;
            } else if (!isFlag(b[p])) {
                return -1;
            }
        }
        return count;
    }

    private static boolean isFlag(byte b) {
        return b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || Texts.isDigit(b) || b == '_';
    }
}
