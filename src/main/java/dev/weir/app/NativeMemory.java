package dev.weir.app;

import java.util.Objects;
import org.graalvm.nativeimage.RuntimeOptions;

/**
 * Bounds heap and direct memory of a native executable as {@link MemoryPlan} shares out {@code memory.limit}: it has no
 * launcher that would. What is said on the command line, as {@code -Xmx}, stands.
 */
public final class NativeMemory {

    private static final String HEAP = "MaxHeapSize";
    private static final String HEAP_PERCENT = "MaximumHeapSizePercent";
    private static final int HEAP_PERCENT_OF_NOBODY = 80;
    private static final String DIRECT = "MaxDirectMemorySize";
    private static final String NETWORK = "io.netty.maxDirectMemory";

    private NativeMemory() {}

    /**
     * To be called before anything takes direct memory; does nothing in a JVM.
     *
     * @param checked a configuration without faults
     */
    public static void bound(ConfigFile.Checked checked) {
        if (System.getProperty("org.graalvm.nativeimage.imagecode") == null) {
            return;
        }
        MemoryPlan plan = MemoryPlan.of(
                Objects.requireNonNull(checked.config()), checked.policies().isPresent());
        if (RuntimeOptions.<Long>get(HEAP) == 0
                && RuntimeOptions.<Integer>get(HEAP_PERCENT) == HEAP_PERCENT_OF_NOBODY) {
            RuntimeOptions.set(HEAP, plan.plannedHeap());
        }
        if (RuntimeOptions.<Long>get(DIRECT) == 0) {
            RuntimeOptions.set(DIRECT, plan.plannedDirect());
        }
        if (System.getProperty(NETWORK) == null) {
            System.setProperty(NETWORK, Long.toString(plan.plannedNetwork()));
        }
    }
}
