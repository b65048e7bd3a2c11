package dev.weir.otlp;

/** Walks the items of a scanned request, with the resource and scope each belongs to. */
final class ItemCursor {

    final FieldCursor item = new FieldCursor();

    private final FieldCursor request = new FieldCursor();
    private final FieldCursor resourceItems = new FieldCursor();
    private final FieldCursor lookAhead = new FieldCursor();

    byte[] bytes = {};
    int resourceGroupStart;
    int resourceGroupEnd;
    int resourceStart;
    int resourceEnd;
    int resourceSchemaUrlStart;
    int resourceSchemaUrlEnd;
    int scopeGroupStart;
    int scopeGroupEnd;
    int scopeStart;
    int scopeEnd;
    int scopeSchemaUrlStart;
    int scopeSchemaUrlEnd;

    void reset(byte[] validRequest) {
        reset(validRequest, validRequest.length);
    }

    /** Stands before the items of as much of the request. */
    void reset(byte[] validRequest, int to) {
        bytes = validRequest;
        request.reset(validRequest, 0, to);
        resourceItems.reset(validRequest, 0, 0);
        item.reset(validRequest, 0, 0);
        resourceStart = resourceEnd = resourceSchemaUrlStart = resourceSchemaUrlEnd = 0;
        scopeStart = scopeEnd = scopeSchemaUrlStart = scopeSchemaUrlEnd = 0;
    }

    /** Moves to the next item; false after the last. */
    boolean next() {
        do {
            while (item.next()) {
                if (item.isContent(RequestFields.ITEMS)) {
                    return true;
                }
            }
        } while (nextScope());
        return false;
    }

    private boolean nextScope() {
        do {
            while (resourceItems.next()) {
                if (resourceItems.isContent(RequestFields.SCOPES)) {
                    enterScope(resourceItems.valueStart(), resourceItems.valueEnd());
                    return true;
                }
            }
        } while (nextResource());
        return false;
    }

    private boolean nextResource() {
        while (request.next()) {
            if (request.isContent(RequestFields.RESOURCES)) {
                enterResource(request.valueStart(), request.valueEnd());
                return true;
            }
        }
        return false;
    }

    /** The resource may stand after what belongs to it, so it is looked for first. */
    private void enterResource(int from, int to) {
        resourceGroupStart = from;
        resourceGroupEnd = to;
        resourceStart = resourceEnd = from;
        resourceSchemaUrlStart = resourceSchemaUrlEnd = from;
        lookAhead.reset(bytes, from, to);
        while (lookAhead.next()) {
            if (lookAhead.isContent(RequestFields.RESOURCE)) {
                resourceStart = lookAhead.valueStart();
                resourceEnd = lookAhead.valueEnd();
            } else if (lookAhead.isContent(RequestFields.SCHEMA_URL)) {
                resourceSchemaUrlStart = lookAhead.valueStart();
                resourceSchemaUrlEnd = lookAhead.valueEnd();
            }
        }
        resourceItems.reset(bytes, from, to);
    }

    private void enterScope(int from, int to) {
        scopeGroupStart = from;
        scopeGroupEnd = to;
        scopeStart = scopeEnd = from;
        scopeSchemaUrlStart = scopeSchemaUrlEnd = from;
        lookAhead.reset(bytes, from, to);
        while (lookAhead.next()) {
            if (lookAhead.isContent(RequestFields.SCOPE)) {
                scopeStart = lookAhead.valueStart();
                scopeEnd = lookAhead.valueEnd();
            } else if (lookAhead.isContent(RequestFields.SCHEMA_URL)) {
                scopeSchemaUrlStart = lookAhead.valueStart();
                scopeSchemaUrlEnd = lookAhead.valueEnd();
            }
        }
        item.reset(bytes, from, to);
    }
}
