package dev.weir.otlp;

import java.nio.charset.StandardCharsets;

/**
 * A cursor over the metrics of a scanned metrics request: what each is called, and how many data points it has. A borrowed
 * window: reusable, for one thread, never stored. It allocates nothing but the strings asked for. Ranges and absent fields
 * are as in {@link TraceView}.
 */
public final class MetricView {

    private final ItemCursor cursor = new ItemCursor();
    private final FieldCursor field = new FieldCursor();
    private final DataPoints points = new DataPoints();
    private int nameStart;
    private int nameEnd;
    private int dataPoints;

    /** Stands before the first metric of the request, which a {@link RequestScanner} found valid. */
    public MetricView reset(byte[] validRequest) {
        cursor.reset(validRequest);
        return this;
    }

    /** Moves to the next metric; false after the last. */
    public boolean next() {
        if (!cursor.next()) {
            return false;
        }
        nameStart = nameEnd = metricStart();
        points.begin();
        field.reset(cursor.bytes, metricStart(), metricEnd());
        while (field.next()) {
            if (field.isContent(1)) {
                nameStart = field.valueStart();
                nameEnd = field.valueEnd();
            } else {
                points.add(cursor.bytes, field);
            }
        }
        dataPoints = points.count();
        return true;
    }

    /** The request. */
    public byte[] bytes() {
        return cursor.bytes;
    }

    /** Body of the metric's Resource. */
    public int resourceStart() {
        return cursor.resourceStart;
    }

    public int resourceEnd() {
        return cursor.resourceEnd;
    }

    /** Body of the metric. */
    public int metricStart() {
        return cursor.item.valueStart();
    }

    public int metricEnd() {
        return cursor.item.valueEnd();
    }

    public int nameStart() {
        return nameStart;
    }

    public int nameEnd() {
        return nameEnd;
    }

    /** Allocates. */
    public String name() {
        return new String(cursor.bytes, nameStart, nameEnd - nameStart, StandardCharsets.UTF_8);
    }

    /** As the scanner counts them: 1 when the data is missing or of an unknown kind. */
    public int dataPoints() {
        return dataPoints;
    }
}
