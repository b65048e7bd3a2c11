package dev.weir.it;

import org.jspecify.annotations.Nullable;

/** What a test has started. */
final class Parts {

    private Parts() {}

    /** Closes one after another; those that were never started are null. */
    static void close(@Nullable AutoCloseable... parts) {
        for (AutoCloseable part : parts) {
            try {
                if (part != null) {
                    part.close();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
