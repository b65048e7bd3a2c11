package dev.weir.bench;

import dev.weir.pipeline.Signal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * Requests without end, each with items that no other has. Items are numbered in the order in which they are made, and
 * stand in traces of ten: whole ones, ten items that follow each other, or scattered ones, an item in each of ten requests.
 *
 * <p>With gzip there is a stock of requests that are sent again and again, for compressing costs more than all else here.
 */
final class Traffic {

    static final int ITEMS_A_TRACE = 10;

    /** With gzip: so many different requests. */
    static final int STOCK = 40;

    private static final VarHandle BIG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LITTLE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long FIVE_MILLISECONDS = 5_000_000;

    private final Ids ids;
    private final Load load;
    private final List<Template> templates;
    private final long first;
    private final ArrayDeque<Request> spare = new ArrayDeque<>();
    private final List<byte[]> stock = new ArrayList<>();
    private final long[] stockHashes = new long[STOCK];
    private long requests;
    private long hash;

    /**
     * @param from the number of the first item; rounded up to where a trace begins
     */
    Traffic(Load load, Ids ids, long from) {
        this.load = load;
        this.ids = ids;
        this.templates = load.templates();
        long step = (long) ITEMS_A_TRACE * load.items();
        this.first = (from + step - 1) / step * step;
        if (load.gzip()) {
            fillStock();
        }
    }

    Signal signal() {
        return templates.getFirst().signal();
    }

    Request next(long due) {
        Request request = spare.isEmpty() ? new Request() : spare.pop();
        request.due = due;
        request.items = load.items();
        request.number = requests;
        if (load.gzip()) {
            int which = (int) (requests % STOCK);
            byte[] body = stock.get(which);
            ensure(request, body.length);
            System.arraycopy(body, 0, request.bytes, Request.PREFIX, body.length);
            request.length = Request.PREFIX + body.length;
            request.bytes[0] = 1;
            hash += stockHashes[which];
        } else {
            fill(request);
        }
        int message = request.length - Request.PREFIX;
        request.bytes[1] = (byte) (message >>> 24);
        request.bytes[2] = (byte) (message >>> 16);
        request.bytes[3] = (byte) (message >>> 8);
        request.bytes[4] = (byte) message;
        requests++;
        return request;
    }

    /** Gives its array back. */
    void done(Request request) {
        spare.push(request);
    }

    /** Of the first item. */
    long first() {
        return first;
    }

    /** One after the number of the last item so far. */
    long end() {
        return first + requests * load.items();
    }

    long items() {
        return requests * load.items();
    }

    /** The sum over all items so far. */
    long hash() {
        return hash;
    }

    /** The trace, counted from that of {@link #first()}, in which the item with the number stands. */
    int traceOf(long item) {
        long i = item - first;
        if (!load.scattered()) {
            return (int) (i / ITEMS_A_TRACE);
        }
        long request = i / load.items();
        return (int) (request / ITEMS_A_TRACE * load.items() + i % load.items());
    }

    int traces() {
        return (int) (items() / ITEMS_A_TRACE);
    }

    /** The hash of all items that have been made of the trace, and their count in {@code count[0]}. */
    long hashOfTrace(int trace, long[] count) {
        long sum = 0;
        for (int k = 0; k < ITEMS_A_TRACE; k++) {
            long i = load.scattered()
                    ? ((long) trace / load.items() * ITEMS_A_TRACE + k) * load.items() + trace % load.items()
                    : (long) trace * ITEMS_A_TRACE + k;
            if (i < items()) {
                sum += hashOf(first + i);
                count[0]++;
            }
        }
        return sum;
    }

    /** The number of the request, from 0, that the item was in. */
    long requestOf(long span) {
        return (ids.itemOf(span) - first) / load.items();
    }

    long itemOf(long span) {
        return ids.itemOf(span);
    }

    private long hashOf(long item) {
        if (signal() == Signal.METRICS) {
            return Ids.hash(0, 0, ids.span(item));
        }
        long trace = first / ITEMS_A_TRACE + traceOf(item);
        return Ids.hash(ids.traceHigh(trace), ids.traceLow(trace), ids.span(item));
    }

    private void fill(Request request) {
        Template template = templates.get((int) (requests % templates.size()));
        int length = template.bytes().length;
        ensure(request, length);
        byte[] bytes = request.bytes;
        bytes[0] = 0;
        System.arraycopy(template.bytes(), 0, bytes, Request.PREFIX, length);
        request.length = Request.PREFIX + length;
        long end = System.currentTimeMillis() * 1_000_000;
        long item = first + requests * load.items();
        long firstTrace = first / ITEMS_A_TRACE;
        boolean traced = template.traceAt()[0] >= 0;
        long sum = 0;
        for (int i = 0; i < load.items(); i++, item++) {
            long span = ids.span(item);
            long high = 0;
            long low = 0;
            if (traced) {
                long trace = firstTrace + traceOf(item);
                high = ids.traceHigh(trace);
                low = ids.traceLow(trace);
                int at = Request.PREFIX + template.traceAt()[i];
                BIG.set(bytes, at, high);
                BIG.set(bytes, at + 8, low);
                BIG.set(bytes, Request.PREFIX + template.spanAt()[i], span);
            } else {
                LITTLE.set(bytes, Request.PREFIX + template.spanAt()[i], span);
            }
            int parent = template.parentAt()[i];
            if (parent >= 0) {
                BIG.set(bytes, Request.PREFIX + parent, ids.span(item - (load.scattered() ? load.items() : 1)));
            }
            LITTLE.set(bytes, Request.PREFIX + template.startAt()[i], end - FIVE_MILLISECONDS);
            LITTLE.set(bytes, Request.PREFIX + template.endAt()[i], end);
            sum += Ids.hash(high, low, span);
        }
        hash += sum;
    }

    private void fillStock() {
        Request request = new Request();
        for (int i = 0; i < STOCK; i++) {
            hash = 0;
            fill(request);
            stockHashes[i] = hash;
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(body)) {
                gzip.write(request.bytes, Request.PREFIX, request.length - Request.PREFIX);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            stock.add(body.toByteArray());
            requests++;
        }
        requests = 0;
        hash = 0;
    }

    private static void ensure(Request request, int length) {
        if (request.bytes.length < Request.PREFIX + length) {
            request.bytes = new byte[Request.PREFIX + length];
        }
    }
}
