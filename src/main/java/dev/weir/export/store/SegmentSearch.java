package dev.weir.export.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** A query's way through a segment's index: from its terms to the traces that may match. Called under the store's lock. */
final class SegmentSearch {

    private final @Nullable String service;
    private final @Nullable Long serviceHash;
    private final @Nullable Long nameHash;
    private final int[] attributes;
    private final int status;
    private final long minDurationNanos;
    private final int atMost;

    SegmentSearch(Query query) {
        service = query.service();
        serviceHash = service == null ? null : TermHash.of(service);
        String name = query.name();
        nameHash = name == null ? null : TermHash.of(name);
        attributes = query.attributes().stream()
                .mapToInt(a -> TermHash.fold(TermHash.pair(
                        TermHash.of(a.key().getBytes(StandardCharsets.UTF_8)),
                        TermHash.of(a.value().getBytes(StandardCharsets.UTF_8)))))
                .toArray();
        Query.Status wanted = query.status();
        status = wanted == null ? -1 : wanted.ordinal();
        minDurationNanos = query.minDuration() == null ? 0 : Nanos.of(query.minDuration());
        boolean everyCandidateMatches = service == null && name == null && attributes.length == 0;
        atMost = everyCandidateMatches ? query.limit() : Integer.MAX_VALUE;
    }

    /** The numbers of the candidates, newest first. */
    int[] candidates(Segment segment) {
        BitSet numbers = new BitSet(segment.traces.count());
        numbers.set(0, segment.traces.count());
        if (serviceHash != null && nameHash != null) {
            numbers.and(withTerm(segment, TermHash.fold(TermHash.pair(serviceHash, nameHash))));
        } else if (service != null) {
            numbers.and(ofService(segment, service));
        } else if (nameHash != null) {
            numbers.and(withTerm(segment, TermHash.fold(nameHash)));
        }
        for (int attribute : attributes) {
            numbers.and(withAttribute(segment, attribute));
        }
        int[] found = new int[Math.min(atMost, numbers.cardinality())];
        int count = 0;
        for (int i = numbers.length() - 1; i >= 0 && count < found.length; i = numbers.previousSetBit(i - 1)) {
            if (segment.traces.durationNanos(i) >= minDurationNanos
                    && (status < 0 || segment.traces.hasStatus(i, status))) {
                found[count++] = i;
            }
        }
        return Arrays.copyOf(found, count);
    }

    private static BitSet withTerm(Segment segment, int hash) {
        BitSet numbers = new BitSet(segment.traces.count());
        segment.index.collect(segment.index.list(hash), numbers);
        return numbers;
    }

    private static BitSet ofService(Segment segment, String service) {
        BitSet numbers = new BitSet(segment.traces.count());
        for (Head head : segment.heads()) {
            if (service.equals(head.service)) {
                segment.index.collect(head.traces, numbers);
            }
        }
        return numbers;
    }

    private static BitSet withAttribute(Segment segment, int hash) {
        BitSet numbers = withTerm(segment, hash);
        for (Head head : segment.heads()) {
            if (head.hasTerm(hash)) {
                segment.index.collect(head.traces, numbers);
            }
        }
        return numbers;
    }
}
