package dev.weir.otlp;

/** Field numbers and tags that the three requests have in common. */
public final class RequestFields {

    /** Resource* in a request. */
    public static final int RESOURCES = 1;

    /** The resource in a Resource*. */
    public static final int RESOURCE = 1;

    /** Scope* in a Resource*. */
    public static final int SCOPES = 2;

    /** The scope in a Scope*. */
    public static final int SCOPE = 1;

    /** Spans, metrics or log records in a Scope*. */
    public static final int ITEMS = 2;

    /** Of a Resource* and of a Scope*. */
    public static final int SCHEMA_URL = 3;

    static final byte RESOURCES_TAG = RESOURCES << 3 | Wire.LENGTH;
    static final byte SCOPES_TAG = SCOPES << 3 | Wire.LENGTH;
    static final byte ITEMS_TAG = ITEMS << 3 | Wire.LENGTH;

    private RequestFields() {}
}
