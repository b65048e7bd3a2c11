package dev.weir.otlp;

/** A cursor over the attributes (KeyValue fields) inside the body of a valid message. */
public final class AttributeView {
    public static final int OF_SPAN = 9;
    public static final int OF_RESOURCE = 1;
    public static final int OF_SCOPE = 3;
    public static final int OF_LOG_RECORD = 6;
    public static final int OF_EVENT = 3;
    public static final int OF_LINK = 4;
    /** The oneof of AnyValue. */
    public enum ValueType {
        NONE,
        STRING,
        BOOL,
        INT,
        DOUBLE,
        ARRAY,
        KEY_VALUE_LIST,
        BYTES
    }

    public AttributeView reset(byte[] bytes, int from, int to, int fieldNumber) {
        throw new UnsupportedOperationException();
    }

    public boolean next() {
        throw new UnsupportedOperationException();
    }

    public boolean keyEquals(byte[] utf8) {
        throw new UnsupportedOperationException();
    }

    public String key() {
        throw new UnsupportedOperationException();
    }

    public int keyStart() {
        throw new UnsupportedOperationException();
    }

    public int keyEnd() {
        throw new UnsupportedOperationException();
    }

    public ValueType valueType() {
        throw new UnsupportedOperationException();
    }
    /** Content of the value: UTF-8 text, bytes, or the body of the array or list. */
    public int valueStart() {
        throw new UnsupportedOperationException();
    }

    public int valueEnd() {
        throw new UnsupportedOperationException();
    }

    public String stringValue() {
        throw new UnsupportedOperationException();
    }

    public long longValue() {
        throw new UnsupportedOperationException();
    }

    public double doubleValue() {
        throw new UnsupportedOperationException();
    }

    public boolean boolValue() {
        throw new UnsupportedOperationException();
    }
}
