package dev.weir.otlp;

/** A cursor over the log records of a scanned logs request, and which trace each belongs to. */
public final class LogView extends ItemView {

    private long traceIdHigh;
    private long traceIdLow;
    private long spanId;
    private long timeNanos;
    private int severityNumber;

    /** Stands before the first record of the request, which a {@link RequestScanner} found valid. */
    public LogView reset(byte[] validRequest) {
        cursor.reset(validRequest);
        return this;
    }

    /** Moves to the next record; false after the last. */
    public boolean next() {
        if (!cursor.next()) {
            return false;
        }
        traceIdHigh = traceIdLow = spanId = timeNanos = 0;
        severityNumber = 0;
        field.reset(cursor.bytes, recordStart(), recordEnd());
        while (field.next()) {
            switch (field.tag()) {
                case 0x09 /* time_unix_nano */ -> timeNanos = Wire.fixed64(cursor.bytes, field.valueStart());
                case 0x10 /* severity_number */ -> severityNumber = (int) field.varint();
                case 0x4a /* trace_id */ -> {
                    traceIdHigh = field.traceIdHigh();
                    traceIdLow = field.traceIdLow();
                }
                case 0x52 /* span_id */ -> spanId = field.spanId();
                default -> {}
            }
        }
        return true;
    }

    /** Body of the record, whose attributes {@link AttributeView} reads as {@link AttributeView#OF_LOG_RECORD}. */
    public int recordStart() {
        return cursor.item.valueStart();
    }

    public int recordEnd() {
        return cursor.item.valueEnd();
    }

    /** First eight bytes of the trace id, big endian; 0 for a record of no trace. */
    public long traceIdHigh() {
        return traceIdHigh;
    }

    /** Last eight bytes of the trace id, big endian; 0 for a record of no trace. */
    public long traceIdLow() {
        return traceIdLow;
    }

    /** Big endian; 0 for a record of no span. */
    public long spanId() {
        return spanId;
    }

    /** Nanoseconds since the Unix epoch, unsigned. */
    public long timeNanos() {
        return timeNanos;
    }

    /** SeverityNumber: 1 trace to 24 fatal; 0 unspecified. */
    public int severityNumber() {
        return severityNumber;
    }
}
