package dev.weir.sample.policy;

import dev.weir.otlp.AttributeView;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The hash of the values that a trace has for some keys: of the root span's values, else of the set of values over all
 * spans. In whatever order spans come, it is the same. For one thread; it allocates nothing once its arrays are as large as
 * needed.
 */
final class KeyValues {

    /** Of a set, so many values with the least hashes count. */
    static final int MOST_VALUES = 100;

    /** Of a value, so many bytes count. */
    private static final int MOST_BYTES = 256;

    private static final long ABSENT = 0;

    private final byte[][] keys;
    private final long seed;
    private final AttributeView attributes = new AttributeView();
    private final SpanIds ids = new SpanIds();
    private final TraceFacts.SpanVisitor findRoot = this::findRoot;
    private final TraceFacts.SpanVisitor collect = this::collect;

    private final long[] rootValues;
    /** For each key the values found, as sorted hashes. */
    private final long[][] sets;

    private final int[] sizes;

    KeyValues(List<String> keys, long seed) {
        this.keys =
                keys.stream().map(key -> key.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
        this.seed = seed;
        rootValues = new long[this.keys.length];
        sets = new long[this.keys.length][MOST_VALUES + 1];
        sizes = new int[this.keys.length];
    }

    long hash(TraceFacts facts) {
        Arrays.fill(rootValues, ABSENT);
        if (facts.rootSeen()) {
            facts.forEachSpan(findRoot);
        }
        boolean whole = true;
        for (long value : rootValues) {
            whole &= value != ABSENT;
        }
        if (!whole) {
            Arrays.fill(sizes, 0);
            facts.forEachSpan(collect);
        }
        long hash = seed;
        for (int key = 0; key < keys.length; key++) {
            hash = mix(hash, rootValues[key]);
            if (rootValues[key] == ABSENT) {
                for (int i = 0; i < sizes[key]; i++) {
                    hash = mix(hash, sets[key][i]);
                }
                hash = mix(hash, sizes[key]);
            }
        }
        return hash;
    }

    /** Several roots are no rare accident in broken traces: the least values count, whichever came first. */
    private boolean findRoot(byte[] span, int from, int to, byte[] resource, byte[] scope) {
        ids.read(span, from, to);
        if (ids.parent != 0) {
            return true;
        }
        for (int key = 0; key < keys.length; key++) {
            long value = value(keys[key], span, from, to, resource);
            if (value != ABSENT && (rootValues[key] == ABSENT || value < rootValues[key])) {
                rootValues[key] = value;
            }
        }
        return true;
    }

    private boolean collect(byte[] span, int from, int to, byte[] resource, byte[] scope) {
        for (int key = 0; key < keys.length; key++) {
            if (rootValues[key] == ABSENT) {
                long value = value(keys[key], span, from, to, resource);
                if (value != ABSENT) {
                    insert(key, value);
                }
            }
        }
        return true;
    }

    private void insert(int key, long value) {
        long[] set = sets[key];
        int at = Arrays.binarySearch(set, 0, sizes[key], value);
        if (at >= 0) {
            return;
        }
        int place = -at - 1;
        if (place == MOST_VALUES) {
            return;
        }
        System.arraycopy(set, place, set, place + 1, sizes[key] - place);
        set[place] = value;
        sizes[key] = Math.min(MOST_VALUES, sizes[key] + 1);
    }

    /** Of the span, else of its resource. */
    private long value(byte[] key, byte[] span, int from, int to, byte[] resource) {
        long value = value(key, attributes.reset(span, from, to, AttributeView.OF_SPAN), span);
        return value != ABSENT
                ? value
                : value(key, attributes.reset(resource, 0, resource.length, AttributeView.OF_RESOURCE), resource);
    }

    private long value(byte[] key, AttributeView view, byte[] bytes) {
        while (view.next()) {
            if (view.keyEquals(key) && view.valueType() != AttributeView.ValueType.NONE) {
                long hash = mix(seed, view.valueType().ordinal());
                int end = Math.min(view.valueEnd(), view.valueStart() + MOST_BYTES);
                for (int i = view.valueStart(); i < end; i++) {
                    hash = mix(hash, bytes[i]);
                }
                return hash == ABSENT ? 1 : hash;
            }
        }
        return ABSENT;
    }

    /** Folds the 128-bit product, as wyhash does. */
    private static long mix(long hash, long word) {
        long a = hash ^ word;
        long b = hash + 0x9e3779b97f4a7c15L | 1;
        return (Math.multiplyHigh(a, b) ^ a * b) + Long.rotateLeft(hash, 23);
    }
}
