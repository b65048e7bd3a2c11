package dev.weir.sample.tail;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A number for the name of each policy that ever decided, so that a decision takes few bytes and outlives a change of the
 * policies. Numbers are never taken back; past the last one, which only thousands of changes could reach, names share
 * number 0. Any thread.
 */
final class PolicyNames {

    /** Number 0. */
    static final String OTHERS = "(others)";

    private final ConcurrentHashMap<String, Integer> numbers = new ConcurrentHashMap<>();
    private final @Nullable String[] names = new @Nullable String[Remembered.MAX_POLICY + 1];
    /** For the one thread that writes them. */
    private final byte[] @Nullable [] utf8 = new byte[names.length] @Nullable [];

    private int used = 1;

    PolicyNames() {
        names[0] = OTHERS;
    }

    /** Allocates only for a name that is new. */
    int number(String name) {
        Integer known = numbers.get(name);
        return known != null ? known : add(name);
    }

    String name(int number) {
        String known = names[number];
        if (known == null) {
            synchronized (this) { // it was given to another thread a moment ago
                known = names[number];
            }
        }
        return known == null ? OTHERS : known;
    }

    /** The name as it is written into spans; not to be changed. */
    byte[] utf8(int number) {
        byte[] known = utf8[number];
        if (known == null) {
            known = name(number).getBytes(StandardCharsets.UTF_8);
            utf8[number] = known;
        }
        return known;
    }

    private synchronized int add(String name) {
        Integer known = numbers.get(name);
        if (known != null) {
            return known;
        }
        if (used == names.length) {
            return 0;
        }
        int number = used++;
        names[number] = name;
        numbers.put(name, number);
        return number;
    }
}
