package dev.weir.sample.tail;

import dev.weir.otlp.GroupHeader;
import dev.weir.otlp.SpanCursor;
import java.util.Arrays;

/** The origins that one request refers to, until its items are held. For one thread; reused. */
final class RequestOrigins {

    private static final int NO_GROUP = -1;

    private final Origins origins;
    private final GroupHeader resource = new GroupHeader();
    private final GroupHeader scope = new GroupHeader();
    private int[] acquired = new int[16];
    private int count;
    /** Where the resource stands that was read last. */
    private int resourceGroup = NO_GROUP;

    private boolean tooMany;

    RequestOrigins(Origins origins) {
        this.origins = origins;
    }

    /** The number of the scope where the cursor stands; {@link Origins#REFUSED} after all others are released. */
    int acquire(byte[] request, SpanCursor cursor) {
        long key = origins.key();
        if (cursor.resourceGroupFrom() != resourceGroup) {
            resourceGroup = cursor.resourceGroupFrom();
            resource.read(request, resourceGroup, cursor.resourceGroupTo(), key);
        }
        scope.read(request, cursor.scopeGroupFrom(), cursor.scopeGroupTo(), key);
        int id = origins.acquire(resource, scope);
        if (id == Origins.REFUSED) {
            boolean never = origins.isTooMany(acquired, count, resource, scope);
            release();
            tooMany = never;
            return id;
        }
        if (count == acquired.length) {
            acquired = Arrays.copyOf(acquired, 2 * count);
        }
        acquired[count++] = id;
        return id;
    }

    /** Whether the request has so many resources and scopes, or so large ones, that they will never be held. */
    boolean areTooMany() {
        return tooMany;
    }

    /** Gives back the request's references. */
    void release() {
        for (int i = 0; i < count; i++) {
            origins.release(acquired[i]);
        }
        count = 0;
        resourceGroup = NO_GROUP;
        tooMany = false;
    }
}
