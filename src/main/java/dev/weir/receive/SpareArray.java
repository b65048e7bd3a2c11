package dev.weir.receive;

import java.lang.ref.SoftReference;
import org.jspecify.annotations.Nullable;

/**
 * The last big array that a message came in, for the next one. A sender of many big messages would otherwise fill the heap
 * with an array each, and every collection that moves or finds one of them holds up everybody. Any thread.
 *
 * <p>It is not charged: the JVM takes it back before it runs out of heap, and there is one at most.
 */
final class SpareArray {

    /** Smaller arrays are cheap to make. */
    private static final int SMALLEST = 1 << 20;

    private SoftReference<byte[]> spare = new SoftReference<>(new byte[0]);

    /** At least so long, and hardly longer, as only that much is charged. What it holds is of no meaning. */
    byte[] take(int bytes) {
        byte[] found = takeSpare(bytes);
        return found == null ? new byte[bytes] : found;
    }

    /** Nobody else may use it any more. */
    synchronized void giveBack(byte[] array) {
        byte[] kept = spare.get();
        if (array.length >= SMALLEST && (kept == null || kept.length < array.length)) {
            spare = new SoftReference<>(array);
        }
    }

    private synchronized byte @Nullable [] takeSpare(int bytes) {
        byte[] kept = spare.get();
        if (kept == null || kept.length < bytes || kept.length - bytes > bytes / 4) {
            return null;
        }
        spare = new SoftReference<>(new byte[0]);
        return kept;
    }
}
