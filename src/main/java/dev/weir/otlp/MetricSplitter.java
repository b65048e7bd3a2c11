package dev.weir.otlp;

import java.util.ArrayList;
import java.util.List;

/** Cuts one large Metric between its data points into several that repeat its name, unit and the rest. */
final class MetricSplitter {

    private static final int POINTS = 1;

    private final byte[] source;
    private final Ranges metricHeader = new Ranges();
    private final Ranges dataHeader = new Ranges();
    private final Ranges points = new Ranges();
    private final List<RequestSplitter.Part> pieces = new ArrayList<>();
    private int dataTag;
    private int count;
    private long bytesLeft;

    private MetricSplitter(byte[] source, long mostBytes) {
        this.source = source;
        bytesLeft = mostBytes;
    }

    /**
     * @param from where the body of the Metric starts
     * @param maxBytes the most bytes of a piece, with its tag and length; one point alone may take more
     * @param mostBytes the most bytes of all pieces
     * @return each piece a field of ScopeMetrics, with its data points' number; none when they would take over {@code
     *     mostBytes}
     */
    static List<RequestSplitter.Part> split(byte[] source, int from, int to, long maxBytes, long mostBytes) {
        MetricSplitter splitter = new MetricSplitter(source, mostBytes);
        FieldCursor field = new FieldCursor().reset(source, from, to);
        int dataStart = 0;
        int dataEnd = 0;
        int seen = 0;
        while (field.next()) {
            if (DataPoints.isData(field.tag())) {
                seen++;
                splitter.dataTag = field.tag();
                dataStart = field.valueStart();
                dataEnd = field.valueEnd();
            } else {
                splitter.metricHeader.add(source, field.fieldStart(), field.valueEnd());
            }
        }
        if (seen == 1) {
            splitter.splitData(dataStart, dataEnd, maxBytes);
        } else {
            // Data that stands more than once has to be merged first; nobody writes that.
            splitter.whole(from, to);
        }
        return splitter.bytesLeft < 0 ? List.of() : splitter.pieces;
    }

    private void splitData(int from, int to, long maxBytes) {
        FieldCursor field = new FieldCursor().reset(source, from, to);
        while (field.next()) {
            if (!field.isContent(POINTS)) {
                dataHeader.add(source, field.fieldStart(), field.valueEnd());
            }
        }
        field.reset(source, from, to);
        while (field.next()) {
            if (field.isContent(POINTS)) {
                int length = field.valueEnd() - field.fieldStart();
                if (count > 0 && pieceLength(length) > maxBytes) {
                    finishPiece();
                }
                points.add(source, field.fieldStart(), field.valueEnd());
                count++;
            }
        }
        finishPiece();
    }

    private long pieceLength(int more) {
        long data = dataHeader.length() + points.length() + more;
        return Wire.fieldLength(metricHeader.length() + Wire.fieldLength(data));
    }

    private void finishPiece() {
        MessageGroup data = new MessageGroup(0);
        data.header.addAll(dataHeader);
        data.items.addAll(points);
        MessageGroup metric = new MessageGroup(dataTag);
        metric.header.addAll(metricHeader);
        metric.children.add(data);
        addPiece(metric, count);
        points.clear();
        count = 0;
    }

    private void whole(int from, int to) {
        MessageGroup metric = new MessageGroup(0);
        metric.header.add(source, from, to);
        addPiece(metric, DataPoints.inMetric(source, from, to));
    }

    private void addPiece(MessageGroup metric, int itemCount) {
        MessageGroup field = new MessageGroup(RequestFields.ITEMS_TAG);
        field.children.add(metric);
        bytesLeft -= field.measure();
        if (bytesLeft >= 0) {
            pieces.add(new RequestSplitter.Part(field.toBytes(), itemCount));
        }
    }
}
