package dev.weir.otlp;

import java.nio.charset.StandardCharsets;

/** A cursor over the metrics of a scanned metrics request: what each is called, and how many data points it has. */
public final class MetricView extends ItemView {

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
