package dev.weir.export.store;

import dev.weir.otlp.RequestMerger;
import dev.weir.otlp.RequestType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes a trace's fragments as requests again; of equal copies of a span the first is taken. */
final class TraceReader {

    private TraceReader() {}

    /** Each fragment with its own resource and scope. */
    static byte[] read(TraceSnapshot trace) {
        return concatenate(distinct(trace));
    }

    /** Each resource and scope once. */
    static byte[] readMerged(TraceSnapshot trace) {
        RequestMerger merger = new RequestMerger(RequestType.TRACES);
        for (Spans spans : distinct(trace)) {
            merger.add(concatenate(List.of(spans)), spans.count());
        }
        return merger.build().toArray();
    }

    private static List<Spans> distinct(TraceSnapshot trace) {
        Set<Long> seen = new HashSet<>();
        List<Spans> all = new ArrayList<>(trace.fragments().size());
        for (Fragment fragment : trace.fragments()) {
            Spans spans = Spans.distinct(fragment, seen);
            if (spans.count() > 0) {
                all.add(spans);
            }
        }
        return all;
    }

    private static byte[] concatenate(List<Spans> all) {
        int size = 0;
        for (Spans spans : all) {
            size = Math.addExact(size, spans.requestSize());
        }
        byte[] request = new byte[size];
        int at = 0;
        for (Spans spans : all) {
            at = spans.write(request, at);
        }
        return request;
    }

    /** The spans of a fragment that are not copies: {@code ScopeSpans.spans} fields in the first {@code length} bytes. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Spans(Head.Key head, byte[] bytes, int length, int count) {

        static Spans distinct(Fragment fragment, Set<Long> seen) {
            byte[] in = fragment.spans();
            byte[] kept = in;
            int length = 0;
            int count = 0;
            int at = 0;
            while (at < in.length) {
                int contentLength = Wire.varint(in, at + 1);
                int end = at + Wire.fieldSize(contentLength);
                long copy = TermHash.pair(fragment.head().key.hash, TermHash.of(in, end - contentLength, end));
                if (seen.add(copy)) {
                    if (length != at && kept == in) {
                        kept = in.clone();
                    }
                    if (kept != in) {
                        System.arraycopy(in, at, kept, length, end - at);
                    }
                    length += end - at;
                    count++;
                }
                at = end;
            }
            return new Spans(fragment.head().key, kept, length, count);
        }

        int requestSize() {
            return Wire.fieldSize(resourceSpansSize());
        }

        private int resourceSpansSize() {
            return head.resource.length + Wire.fieldSize(scopeSpansSize());
        }

        private int scopeSpansSize() {
            return head.scope.length + length;
        }

        int write(byte[] out, int start) {
            int at = Wire.putHeader(out, start, Wire.RESOURCE_SPANS, resourceSpansSize());
            System.arraycopy(head.resource, 0, out, at, head.resource.length);
            at = Wire.putHeader(out, at + head.resource.length, Wire.CHILDREN, scopeSpansSize());
            System.arraycopy(head.scope, 0, out, at, head.scope.length);
            at += head.scope.length;
            System.arraycopy(bytes, 0, out, at, length);
            return at + length;
        }
    }
}
