package dev.weir.otlp;

/**
 * Which fields of OTLP's messages are messages themselves, or packed numbers: what a scanner must look into. All other
 * fields, known or not, are only skipped. Source: opentelemetry-proto 1.10.
 */
final class KnownMessages {

    /** A field whose content is not looked into. */
    static final byte OPAQUE = 0;

    static final byte PACKED_FIXED64 = -1;
    static final byte PACKED_VARINT = -2;

    static final byte ANY_VALUE = 1;
    static final byte ARRAY_VALUE = 2;
    static final byte KEY_VALUE_LIST = 3;
    static final byte KEY_VALUE = 4;
    static final byte SCOPE = 5;
    static final byte RESOURCE = 6;
    static final byte ENTITY_REF = 7;
    static final byte SPAN = 8;
    static final byte EVENT = 9;
    static final byte LINK = 10;
    static final byte STATUS = 11;
    static final byte LOG_RECORD = 12;
    static final byte METRIC = 13;
    static final byte GAUGE = 14;
    static final byte SUM = 15;
    static final byte HISTOGRAM = 16;
    static final byte EXPONENTIAL_HISTOGRAM = 17;
    static final byte SUMMARY = 18;
    static final byte NUMBER_POINT = 19;
    static final byte HISTOGRAM_POINT = 20;
    static final byte EXPONENTIAL_HISTOGRAM_POINT = 21;
    static final byte SUMMARY_POINT = 22;
    static final byte BUCKETS = 23;
    static final byte QUANTILE = 24;
    static final byte EXEMPLAR = 25;

    /** Of a field's number in a message without known sub-messages. */
    static final byte[] NONE = {};

    /** [message][field number] → what the field holds; a number past the row's end is opaque. */
    private static final byte[][] FIELDS = new byte[26][];

    static {
        FIELDS[ANY_VALUE] = row(5, ARRAY_VALUE, 6, KEY_VALUE_LIST);
        FIELDS[ARRAY_VALUE] = row(1, ANY_VALUE);
        FIELDS[KEY_VALUE_LIST] = row(1, KEY_VALUE);
        FIELDS[KEY_VALUE] = row(2, ANY_VALUE);
        FIELDS[SCOPE] = row(3, KEY_VALUE);
        FIELDS[RESOURCE] = row(1, KEY_VALUE, 3, ENTITY_REF);
        FIELDS[ENTITY_REF] = NONE;
        FIELDS[SPAN] = row(9, KEY_VALUE, 11, EVENT, 13, LINK, 15, STATUS);
        FIELDS[EVENT] = row(3, KEY_VALUE);
        FIELDS[LINK] = row(4, KEY_VALUE);
        FIELDS[STATUS] = NONE;
        FIELDS[LOG_RECORD] = row(5, ANY_VALUE, 6, KEY_VALUE);
        FIELDS[METRIC] = row(5, GAUGE, 7, SUM, 9, HISTOGRAM, 10, EXPONENTIAL_HISTOGRAM, 11, SUMMARY, 12, KEY_VALUE);
        FIELDS[GAUGE] = row(1, NUMBER_POINT);
        FIELDS[SUM] = row(1, NUMBER_POINT);
        FIELDS[HISTOGRAM] = row(1, HISTOGRAM_POINT);
        FIELDS[EXPONENTIAL_HISTOGRAM] = row(1, EXPONENTIAL_HISTOGRAM_POINT);
        FIELDS[SUMMARY] = row(1, SUMMARY_POINT);
        FIELDS[NUMBER_POINT] = row(7, KEY_VALUE, 5, EXEMPLAR);
        FIELDS[HISTOGRAM_POINT] = row(9, KEY_VALUE, 6, PACKED_FIXED64, 7, PACKED_FIXED64, 8, EXEMPLAR);
        FIELDS[EXPONENTIAL_HISTOGRAM_POINT] = row(1, KEY_VALUE, 8, BUCKETS, 9, BUCKETS, 11, EXEMPLAR);
        FIELDS[SUMMARY_POINT] = row(7, KEY_VALUE, 6, QUANTILE);
        FIELDS[BUCKETS] = row(2, PACKED_VARINT);
        FIELDS[QUANTILE] = NONE;
        FIELDS[EXEMPLAR] = row(7, KEY_VALUE);
    }

    private KnownMessages() {}

    static byte[] fieldsOf(int message) {
        return FIELDS[message];
    }

    private static byte[] row(int... numbersAndContents) {
        byte[] row = new byte[16];
        for (int i = 0; i < numbersAndContents.length; i += 2) {
            row[numbersAndContents[i]] = (byte) numbersAndContents[i + 1];
        }
        return row;
    }
}
