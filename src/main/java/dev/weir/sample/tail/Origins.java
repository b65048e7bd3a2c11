package dev.weir.sample.tail;

import dev.weir.otlp.GroupHeader;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where held spans come from: each resource once, each scope of a resource once, under a number. One for all shards; a
 * short lock, taken once for a group of a request and once for each origin that is new in a slab.
 *
 * <p>References are held by requests while they are read, by slabs, and by scopes for their resource. The bytes lie on the
 * heap, because they are few, and read as arrays wherever they are used; they are charged like what lies beside it.
 */
final class Origins {

    /** Answer of {@link #acquire} when there is no memory for another. */
    static final int REFUSED = -1;

    /** The object, its array's head, its places here. */
    private static final int OBJECT_BYTES = 120;

    private static final int GREATEST_ID = (1 << Integer.SIZE - RunIndex.KIND_BITS) - 1;

    private final HeldMemory memory;
    private final long limit;
    private final int shards;
    private final long key = new SecureRandom().nextLong();
    private volatile @Nullable Origin[] byId = new @Nullable Origin[64];
    private @Nullable Origin[] buckets = new @Nullable Origin[64];
    private int[] vacant = new int[64];
    private int vacantCount;
    private int ids;
    private int size;
    private long bytes;

    /** @param limit bytes that all together may take */
    Origins(HeldMemory memory, long limit, int shards) {
        this.memory = memory;
        this.limit = limit;
        this.shards = shards;
    }

    /** To read the headers that are given to {@link #acquire}: their hashes are comparable then. */
    long key() {
        return key;
    }

    /**
     * The number of an origin, with one reference for the caller.
     *
     * @return {@link #REFUSED} when it is new and there is no memory for it
     */
    synchronized int acquire(GroupHeader resource, GroupHeader scope) {
        Origin of = findOrAdd(null, resource);
        if (of == null) {
            return REFUSED;
        }
        Origin origin = findOrAdd(of, scope);
        drop(of);
        return origin == null ? REFUSED : origin.id;
    }

    /**
     * Whether those of one request are too many to be held even if there were no others.
     *
     * @param ids what the request has acquired
     * @param resource of the one that was refused
     */
    synchronized boolean isTooMany(int[] ids, int count, GroupHeader resource, GroupHeader scope) {
        Set<Origin> distinct = new HashSet<>();
        for (int i = 0; i < count; i++) {
            for (Origin o = get(ids[i]); o != null; o = o.parent) {
                distinct.add(o);
            }
        }
        long needed = cost(scope.length());
        Origin known = find(null, resource.hash(), resource);
        if (known == null) {
            needed += cost(resource.length());
        } else {
            distinct.add(known);
        }
        for (Origin o : distinct) {
            needed += cost(o.header.length);
        }
        return needed > limit;
    }

    /** One more reference to an origin that has one already. */
    synchronized void retain(int id) {
        Objects.requireNonNull(byId[id]).references++;
    }

    synchronized void release(int id) {
        drop(get(id));
    }

    /** Releases the origins whose numbers stand at the end of a block. */
    synchronized void release(ByteBuffer block, int count) {
        for (int i = 1; i <= count; i++) {
            drop(get(block.getInt(block.capacity() - i * Integer.BYTES)));
        }
    }

    /** The scope, and through it the resource. Whoever asks has a reference, so no lock is needed. */
    Origin get(int id) {
        return Objects.requireNonNull(byId[id]);
    }

    /** Resources and scopes. */
    synchronized int size() {
        return size;
    }

    synchronized long bytes() {
        return bytes;
    }

    private @Nullable Origin findOrAdd(@Nullable Origin parent, GroupHeader header) {
        long hash = parent == null ? header.hash() : header.hash() * 31 + parent.hash;
        Origin known = find(parent, hash, header);
        if (known == null) {
            return add(parent, hash, header);
        }
        known.references++;
        return known;
    }

    private @Nullable Origin find(@Nullable Origin parent, long hash, GroupHeader header) {
        for (Origin o = buckets[bucket(hash)]; o != null; o = o.nextInBucket) {
            if (o.is(parent, hash, header.bytes(), header.length())) {
                return o;
            }
        }
        return null;
    }

    private @Nullable Origin add(@Nullable Origin parent, long hash, GroupHeader header) {
        long cost = cost(header.length());
        if (bytes + cost > limit || ids == GREATEST_ID || !memory.tryCharge(cost)) {
            return null;
        }
        bytes += cost;
        Origin origin = new Origin(
                newId(),
                parent,
                hash,
                Arrays.copyOf(header.bytes(), header.length()),
                header.bodyFrom(),
                header.bodyTo());
        origin.references = 1;
        if (parent != null) {
            parent.references++;
        }
        if (++size > buckets.length) {
            grow();
        }
        int bucket = bucket(hash);
        origin.nextInBucket = buckets[bucket];
        buckets[bucket] = origin;
        byId[origin.id] = origin;
        return origin;
    }

    private void drop(Origin origin) {
        if (--origin.references > 0) {
            return;
        }
        remove(origin);
        if (origin.parent != null) {
            drop(origin.parent);
        }
    }

    private void remove(Origin origin) {
        int bucket = bucket(origin.hash);
        Origin o = Objects.requireNonNull(buckets[bucket]);
        if (o == origin) {
            buckets[bucket] = origin.nextInBucket;
        } else {
            while (o.nextInBucket != origin) {
                o = Objects.requireNonNull(o.nextInBucket);
            }
            o.nextInBucket = origin.nextInBucket;
        }
        size--;
        byId[origin.id] = null;
        if (vacantCount == vacant.length) {
            vacant = Arrays.copyOf(vacant, 2 * vacantCount);
        }
        vacant[vacantCount++] = origin.id;
        long cost = cost(origin.header.length);
        bytes -= cost;
        memory.uncharge(cost);
    }

    private int newId() {
        if (vacantCount > 0) {
            return vacant[--vacantCount];
        }
        if (ids == byId.length) {
            byId = Arrays.copyOf(byId, 2 * ids);
        }
        return ids++;
    }

    private void grow() {
        @Nullable Origin[] old = buckets;
        buckets = new @Nullable Origin[2 * old.length];
        for (Origin o : old) {
            while (o != null) {
                Origin next = o.nextInBucket;
                int bucket = bucket(o.hash);
                o.nextInBucket = buckets[bucket];
                buckets[bucket] = o;
                o = next;
            }
        }
    }

    private int bucket(long hash) {
        return (int) (hash ^ hash >>> 32) & buckets.length - 1;
    }

    /** Each shard keeps an int for each number. */
    private long cost(int length) {
        return OBJECT_BYTES + length + (long) shards * Integer.BYTES;
    }
}
