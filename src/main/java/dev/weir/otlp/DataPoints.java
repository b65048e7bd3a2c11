package dev.weir.otlp;

/** Counts the data points of a scanned Metric; one whose data is of no known kind, or missing, counts as one. */
final class DataPoints {

    private static final int POINTS = 1;

    private DataPoints() {}

    /** Of several kinds of data in one metric, a oneof, the last counts; several of one kind are merged. */
    static int inMetric(byte[] bytes, int from, int to) {
        int points = 0;
        int kind = 0;
        FieldCursor field = new FieldCursor().reset(bytes, from, to);
        while (field.next()) {
            if (isData(field.tag())) {
                if (field.tag() != kind) {
                    kind = field.tag();
                    points = 0;
                }
                points += inData(bytes, field.valueStart(), field.valueEnd());
            }
        }
        return kind == 0 ? 1 : points;
    }

    /** Whether the field of a Metric is its gauge, sum, histogram, exponential histogram or summary. */
    static boolean isData(int tag) {
        return switch (tag) {
            case 0x2a, 0x3a, 0x4a, 0x52, 0x5a -> true;
            default -> false;
        };
    }

    private static int inData(byte[] bytes, int from, int to) {
        int points = 0;
        FieldCursor field = new FieldCursor().reset(bytes, from, to);
        while (field.next()) {
            if (field.isContent(POINTS)) {
                points++;
            }
        }
        return points;
    }
}
