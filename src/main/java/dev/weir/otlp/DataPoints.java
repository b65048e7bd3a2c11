package dev.weir.otlp;

/** Counts the data points of a scanned Metric; one whose data is of no known kind, or missing, counts as one. */
final class DataPoints {

    private static final int POINTS = 1;

    private final FieldCursor dataField = new FieldCursor();
    private int kind;
    private int points;

    static int inMetric(byte[] bytes, int from, int to) {
        DataPoints points = new DataPoints();
        FieldCursor field = new FieldCursor().reset(bytes, from, to);
        while (field.next()) {
            points.add(bytes, field);
        }
        return points.count();
    }

    void begin() {
        kind = 0;
        points = 0;
    }

    /** Of several kinds of data in one metric, a oneof, the last counts; several of one kind are merged. */
    void add(byte[] bytes, FieldCursor metricField) {
        if (!isData(metricField.tag())) {
            return;
        }
        if (metricField.tag() != kind) {
            kind = metricField.tag();
            points = 0;
        }
        dataField.reset(bytes, metricField.valueStart(), metricField.valueEnd());
        while (dataField.next()) {
            if (dataField.isContent(POINTS)) {
                points++;
            }
        }
    }

    int count() {
        return kind == 0 ? 1 : points;
    }

    /** Whether the field of a Metric is its gauge, sum, histogram, exponential histogram or summary. */
    static boolean isData(int tag) {
        return switch (tag) {
            case 0x2a, 0x3a, 0x4a, 0x52, 0x5a -> true;
            default -> false;
        };
    }
}
