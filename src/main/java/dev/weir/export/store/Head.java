package dev.weir.export.store;

import dev.weir.otlp.AttributeView;
import dev.weir.otlp.TraceView;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Resource and scope that many fragments of one segment share, encoded as they will be written again, with the search
 * terms of the resource.
 */
final class Head {

    private static final byte[] SERVICE_NAME = "service.name".getBytes(StandardCharsets.UTF_8);

    /** Its number in the segment. */
    final int number;

    final Key key;
    /** The last {@code service.name} that has a text: a resource should have one, but a sender may repeat it. */
    final @Nullable String service;
    /** Hash of the service's name; 0 without one. */
    final long serviceHash;
    /** Hashes of the resource's attributes, sorted. */
    private final int[] terms;

    /** List in the segment's {@link TermIndex} of the traces with this head. */
    int traces = TermIndex.NONE;

    Head(int number, Key key, TraceView view, AttributeView attributes, AttributeText text) {
        this.number = number;
        this.key = key;
        byte[] bytes = view.bytes();
        String name = null;
        long nameHash = 0;
        int[] found = new int[8];
        int count = 0;
        attributes.reset(bytes, view.resourceStart(), view.resourceEnd(), AttributeView.OF_RESOURCE);
        while (attributes.next()) {
            if (!text.read(bytes, attributes)) {
                continue;
            }
            long value = TermHash.of(text.bytes(), text.from(), text.to());
            if (attributes.keyEquals(SERVICE_NAME)) {
                name = text.string();
                nameHash = value;
            }
            if (count == found.length) {
                found = Arrays.copyOf(found, 2 * count);
            }
            found[count++] =
                    TermHash.fold(TermHash.pair(TermHash.of(bytes, attributes.keyStart(), attributes.keyEnd()), value));
        }
        service = name;
        serviceHash = nameHash;
        terms = Arrays.copyOf(found, count);
        Arrays.sort(terms);
    }

    boolean hasTerm(int hash) {
        return Arrays.binarySearch(terms, hash) >= 0;
    }

    long bytes() {
        return Footprint.HEAD
                + key.resource.length
                + key.scope.length
                + (long) Integer.BYTES * terms.length
                + (service == null ? 0 : Footprint.ARRAY + 24 + 2L * service.length());
    }

    /** The encoded fields of {@code ResourceSpans} and {@code ScopeSpans} beside their children; equal by content. */
    static final class Key {
        final byte[] resource;
        final byte[] scope;
        final long hash;

        Key(TraceView view) {
            resource = encode(
                    view.bytes(),
                    view.resourceStart(),
                    view.resourceEnd(),
                    view.resourceSchemaUrlStart(),
                    view.resourceSchemaUrlEnd());
            scope = encode(
                    view.bytes(),
                    view.scopeStart(),
                    view.scopeEnd(),
                    view.scopeSchemaUrlStart(),
                    view.scopeSchemaUrlEnd());
            hash = TermHash.pair(TermHash.of(resource), TermHash.of(scope));
        }

        private static byte[] encode(byte[] bytes, int from, int to, int urlFrom, int urlTo) {
            int described = to > from ? Wire.fieldSize(to - from) : 0;
            int url = urlTo > urlFrom ? Wire.fieldSize(urlTo - urlFrom) : 0;
            byte[] out = new byte[described + url];
            if (described > 0) {
                Wire.putField(out, 0, Wire.DESCRIPTION, bytes, from, to);
            }
            if (url > 0) {
                Wire.putField(out, described, Wire.SCHEMA_URL, bytes, urlFrom, urlTo);
            }
            return out;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key that
                    && hash == that.hash
                    && Arrays.equals(resource, that.resource)
                    && Arrays.equals(scope, that.scope);
        }

        @Override
        public int hashCode() {
            return TermHash.fold(hash);
        }
    }
}
