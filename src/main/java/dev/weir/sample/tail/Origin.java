package dev.weir.sample.tail;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The header of a ResourceSpans or of a ScopeSpans: all its fields but the messages inside it. A scope's belongs to a
 * resource's. Counted by {@link Origins}; what can be read of it never changes.
 */
final class Origin {

    /** Of a scope: the resource it belongs to. */
    final @Nullable Origin parent;

    final byte[] header;
    /** Where the body of the Resource or InstrumentationScope is in the header. */
    final int bodyFrom;

    final int bodyTo;
    final int id;
    final long hash;
    int references;

    @Nullable
    Origin nextInBucket;

    Origin(int id, @Nullable Origin parent, long hash, byte[] header, int bodyFrom, int bodyTo) {
        this.id = id;
        this.parent = parent;
        this.hash = hash;
        this.header = header;
        this.bodyFrom = bodyFrom;
        this.bodyTo = bodyTo;
    }

    Origin resource() {
        return parent == null ? this : parent;
    }

    /** A copy of the body of the Resource or InstrumentationScope. */
    byte[] body() {
        return Arrays.copyOfRange(header, bodyFrom, bodyTo);
    }

    boolean is(@Nullable Origin ofParent, long ofHash, byte[] bytes, int length) {
        return hash == ofHash && parent == ofParent && Arrays.equals(header, 0, header.length, bytes, 0, length);
    }
}
