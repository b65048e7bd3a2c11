package dev.weir.app;

import dev.weir.pipeline.ByteSize;
import dev.weir.pipeline.MemoryBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How {@code memory.limit} is shared out. The launcher starts the JVM with half of it as heap and a quarter as direct
 * memory (rounded to MiB, at least 48 and 32); telemetry may fill 60 % of the heap that there really is, the embedded
 * store included, which may fill a quarter of the heap.
 *
 * @param limit bytes that the process should stay within, beside what the JVM itself takes
 * @param heap the heap's most, as the JVM says
 * @param store bytes of the embedded store; 0 without it
 * @param budget bytes of telemetry on its way
 */
public record MemoryPlan(long limit, long heap, long store, long budget) {

    /** The smallest limit that is worth starting with. */
    public static final long LEAST = 64L << 20;

    private static final long WITHOUT_CONTAINER = 512L << 20;
    private static final double OF_CONTAINER = 0.8;
    private static final double OF_HEAP = 0.6;
    private static final double STORE_OF_HEAP = 0.25;

    /**
     * @param configured {@code weir.memory.limit}
     * @param store the wanted size of the embedded store; empty when there is none
     */
    static MemoryPlan of(Optional<ByteSize> configured, Optional<ByteSize> store) {
        long limit = configured.map(ByteSize::bytes).orElseGet(MemoryPlan::defaultLimit);
        return of(limit, Runtime.getRuntime().maxMemory(), store);
    }

    static MemoryPlan of(long limit, long heap, Optional<ByteSize> store) {
        long planned = Math.min(heap, heapFor(limit));
        long stored = store.map(ByteSize::bytes)
                .map(bytes -> Math.min(bytes, (long) (planned * STORE_OF_HEAP)))
                .orElse(0L);
        return new MemoryPlan(limit, heap, stored, (long) (planned * OF_HEAP) - stored);
    }

    /** At least 10 % for what is being received and 25 % for queues, the rest to whoever comes first. */
    MemoryBudget newBudget() {
        return new MemoryBudget(budget, budget / 10, budget / 4, 0);
    }

    boolean isHeapAsPlanned() {
        return heap <= heapFor(limit) * 1.1;
    }

    static long heapFor(long limit) {
        return Math.max(48L << 20, limit / 2);
    }

    private static long defaultLimit() {
        return containerLimit().map(bytes -> (long) (bytes * OF_CONTAINER)).orElse(WITHOUT_CONTAINER);
    }

    /** The limit of the control group (version 2, then 1); empty when there is none. */
    private static Optional<Long> containerLimit() {
        for (String file : new String[] {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
            try {
                long bytes = Long.parseLong(Files.readString(Path.of(file)).strip());
                if (bytes > 0 && bytes < 1L << 40) {
                    return Optional.of(bytes);
                }
            } catch (IOException | NumberFormatException e) {
                continue; // no such file, or "max"
            }
        }
        return Optional.empty();
    }
}
