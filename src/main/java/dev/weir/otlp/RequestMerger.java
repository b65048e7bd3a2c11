package dev.weir.otlp;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Builds one request out of many so that each resource and each scope in it stands once. For one thread.
 *
 * <p>Two Resource* messages are the same when all their fields but the Scope* are the same bytes in the same order:
 * resource, schema URL, unknown fields. A Scope* likewise, within its resource. Items keep the order in which they were
 * added; a Resource* or Scope* without items survives; unknown fields of the request itself are all kept.
 *
 * <p>Requests are not copied: the merger keeps the arrays and the ranges of runs of items. Small
 * messages may cost more in ranges than they have bytes, so what is large already is better passed on as it came.
 */
public final class RequestMerger {

    private static final int MIN_TABLE = 16;

    /** Pieces may take more memory than the request is long by this part of it. */
    private static final int WASTE = 4;

    /** Bytes of the objects that a Resource* or Scope*, a piece, and an added request take, roughly. */
    private static final int GROUP_BYTES = 256;

    private static final int PIECE_BYTES = 24;
    private static final int ARRAY_BYTES = 24;

    /** Senders choose the bytes that are hashed; the seed keeps them from choosing the hashes. */
    private final long seed = ThreadLocalRandom.current().nextLong();

    private final FieldCursor requestField = new FieldCursor();
    private final FieldCursor resourceField = new FieldCursor();
    private final FieldCursor scopeField = new FieldCursor();
    private final Ranges header = new Ranges();
    private final Ranges scopeItems = new Ranges();

    private final List<byte[]> added = new ArrayList<>();

    private MessageGroup request = MessageGroup.request();
    /** Resource* and Scope* by hash: open addressing, at most half full. */
    private @Nullable Entry[] table = new Entry[MIN_TABLE];

    private int entries;
    private int merged;
    private int pieces;
    private int items;
    private long bytes;

    /** @param type which request all the added ones are */
    public RequestMerger(RequestType type) {
        java.util.Objects.requireNonNull(type);
    }

    /**
     * Whether adding the request costs little more memory than its bytes. Groups, each Resource* and each Scope*, take
     * objects: a request that has many for its length had better be passed on as it came.
     *
     * @param validRequest bytes that a {@link RequestScanner} found valid
     */
    public static boolean worthMerging(RequestType type, byte[] validRequest) {
        java.util.Objects.requireNonNull(type);
        return MergeCost.of(validRequest) <= validRequest.length;
    }

    /**
     * Adds a request.
     *
     * @param validRequest bytes that a {@link RequestScanner} found valid; kept, so nobody may change them any more
     * @param itemCount spans, data points or log records in it
     * @throws IllegalArgumentException when they were not found valid; the merger is as before
     */
    public void add(byte[] validRequest, int itemCount) {
        try {
            merge(validRequest);
        } catch (IllegalArgumentException e) {
            mergeAgain();
            throw e;
        }
        added.add(validRequest);
        items += itemCount;
        bytes += validRequest.length;
    }

    private void merge(byte[] validRequest) {
        requestField.reset(validRequest, 0, validRequest.length);
        while (requestField.next()) {
            if (requestField.isContent(RequestFields.RESOURCES)) {
                addResource(validRequest, requestField.valueStart(), requestField.valueEnd());
            } else {
                request.header.add(validRequest, requestField.fieldStart(), requestField.valueEnd());
            }
        }
    }

    /** A request is half added when its fault is met; as that does not happen to scanned ones, it may cost. */
    private void mergeAgain() {
        clearGroups();
        added.forEach(this::merge);
    }

    private void clearGroups() {
        request = MessageGroup.request();
        table = new Entry[MIN_TABLE];
        entries = 0;
        merged = 0;
        pieces = 0;
    }

    /** Items of all added requests. */
    public int items() {
        return items;
    }

    /** Sum of the added requests' lengths; {@link #build} never gives more. */
    public long bytes() {
        return bytes;
    }

    public boolean isEmpty() {
        return added.isEmpty();
    }

    /**
     * The merged request, after which the merger is empty again. The very array that was added when it was the only one
     * and had nothing to merge; else pieces of those that were added, but an array of its own when it is so much shorter
     * than they and what tells of the pieces that keeping them would be a waste.
     *
     * @throws ArithmeticException over 2 GiB
     */
    public RequestBytes build() {
        RequestBytes built =
                added.size() == 1 && merged == 0 ? RequestBytes.of(added.getFirst()) : RequestBytes.of(request);
        if (!built.isArray() && waste(built.length()) > built.length() / WASTE) {
            built.toArray();
        }
        clearGroups();
        added.clear();
        items = 0;
        bytes = 0;
        return built;
    }

    /** Bytes that pieces take more than the array that they could be. */
    private long waste(int length) {
        return bytes
                - length
                + (long) GROUP_BYTES * entries
                + (long) PIECE_BYTES * pieces
                + (long) ARRAY_BYTES * added.size();
    }

    private void addResource(byte[] source, int from, int to) {
        long hash = seed;
        header.clear();
        boolean scopes = false;
        resourceField.reset(source, from, to);
        while (resourceField.next()) {
            if (resourceField.isContent(RequestFields.SCOPES)) {
                scopes = true;
            } else {
                hash = hashField(hash, source, resourceField);
            }
        }
        MessageGroup resource = find(request, hash);
        if (scopes) {
            resourceField.reset(source, from, to);
            while (resourceField.next()) {
                if (resourceField.isContent(RequestFields.SCOPES)) {
                    addScope(resource, hash, source, resourceField.valueStart(), resourceField.valueEnd());
                }
            }
        }
    }

    private void addScope(MessageGroup resource, long resourceHash, byte[] source, int from, int to) {
        long hash = ByteHash.mix(resourceHash, seed);
        header.clear();
        scopeItems.clear();
        scopeField.reset(source, from, to);
        while (scopeField.next()) {
            if (scopeField.isContent(RequestFields.ITEMS)) {
                scopeItems.add(source, scopeField.fieldStart(), scopeField.valueEnd());
            } else {
                hash = hashField(hash, source, scopeField);
            }
        }
        pieces += scopeItems.count();
        find(resource, hash).items.addAll(scopeItems);
    }

    /** Field by field, because what stands between them must not matter. */
    private long hashField(long hash, byte[] source, FieldCursor field) {
        header.add(source, field.fieldStart(), field.valueEnd());
        return ByteHash.of(hash, source, field.fieldStart(), field.valueEnd());
    }

    /** The child of {@code parent} whose header is {@link #header}; a new one if need be. */
    private MessageGroup find(MessageGroup parent, long hash) {
        int mask = table.length - 1;
        int slot = (int) hash & mask;
        for (Entry entry = table[slot]; entry != null; entry = table[slot]) {
            if (entry.hash == hash && entry.parent == parent && entry.group.header.sameBytes(header)) {
                merged++;
                return entry.group;
            }
            slot = (slot + 1) & mask;
        }
        MessageGroup group = parent == request ? MessageGroup.resource() : MessageGroup.scope();
        group.header.addAll(header);
        parent.children.add(group);
        table[slot] = new Entry(hash, parent, group);
        if (++entries * 2 > table.length) {
            grow();
        }
        return group;
    }

    private void grow() {
        @Nullable Entry[] old = table;
        table = new Entry[old.length * 2];
        int mask = table.length - 1;
        for (Entry entry : old) {
            if (entry != null) {
                int slot = (int) entry.hash & mask;
                while (table[slot] != null) {
                    slot = (slot + 1) & mask;
                }
                table[slot] = entry;
            }
        }
    }

    private record Entry(long hash, MessageGroup parent, MessageGroup group) {}
}
