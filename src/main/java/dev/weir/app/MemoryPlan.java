package dev.weir.app;

import dev.weir.enrich.kubernetes.PodWatch;
import dev.weir.export.StoreConfig;
import dev.weir.pipeline.ByteSize;
import dev.weir.pipeline.MemoryBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How {@code memory.limit} is shared out. Tail sampling's buffer comes first, by default half. Of the rest the launcher
 * gives half to the JVM's heap and a quarter to network buffers (rounded to MiB, at least 48 and 32), and lets direct
 * memory grow to these buffers and all that is held. Telemetry may fill 60 % of the heap that there really is, the embedded
 * store included, which may fill a quarter of the heap; what is known of the cluster's pods may fill a tenth.
 *
 * <p>One budget for the heap's part and the buffer: the buffer is the floor of held traces and at the same time the most
 * that they ever take, so that neither part can grow into the other.
 *
 * @param limit bytes that the process should stay within, beside what the JVM itself takes
 * @param heap the heap's most, as the JVM says
 * @param store bytes of the embedded store; 0 without it
 * @param budget bytes of telemetry on its way, in the heap
 * @param held what lies off the heap
 */
public record MemoryPlan(long limit, long heap, long store, long budget, HeldPlan held) {

    /** The smallest limit that is worth starting with. */
    public static final long LEAST = 64L << 20;

    private static final long WITHOUT_CONTAINER = 512L << 20;
    private static final double OF_CONTAINER = 0.8;
    private static final double OF_HEAP = 0.6;
    /** MiB: the least heap, and what the JVM needs for code, classes and threads. */
    private static final long LEAST_HEAP = 48;

    private static final long OF_JVM = 112;
    private static final double PODS_OF_HEAP = 0.1;
    private static final double STORE_OF_HEAP = 0.25;
    /** Where held spans come from lies in the heap, charged to the buffer. */
    private static final double ORIGINS_OF_BUFFER = 0.1;

    /** @param tail whether there are policies, so that traces are held */
    static MemoryPlan of(WeirConfig config, boolean tail) {
        long limit = limit(config);
        StoreConfig store = config.store();
        return of(
                limit,
                Runtime.getRuntime().maxMemory(),
                store.enabled().orElse(config.export().isEmpty()) ? Optional.of(store.size()) : Optional.empty(),
                tail ? HeldPlan.of(config.sample().tail(), limit) : HeldPlan.NONE);
    }

    static MemoryPlan of(long limit, long heap, Optional<ByteSize> store, HeldPlan held) {
        long planned = Math.min(heap, heapFor(limit, held)) - (long) (held.buffer() * ORIGINS_OF_BUFFER);
        long stored = store.map(ByteSize::bytes)
                .map(bytes -> Math.min(bytes, (long) (planned * STORE_OF_HEAP)))
                .orElse(0L);
        return new MemoryPlan(limit, heap, stored, (long) (planned * OF_HEAP) - stored, held);
    }

    /** The limit that is configured, or that the container sets. */
    static long limit(WeirConfig config) {
        return config.memory().limit().map(ByteSize::bytes).orElseGet(MemoryPlan::defaultLimit);
    }

    /** At least 10 % for what is being received and 25 % for queues, the rest to whoever comes first; the buffer beside. */
    MemoryBudget newBudget() {
        return new MemoryBudget(budget + held.buffer(), budget / 10, budget / 4, held.buffer());
    }

    /** Pods of the cluster that are kept at most: of what telemetry leaves of the heap they may take a quarter. */
    int pods() {
        return (int) Math.min(Integer.MAX_VALUE, (long) (heap * PODS_OF_HEAP) / PodWatch.BYTES_OF_A_POD);
    }

    /** What the launcher gives to the heap. */
    long plannedHeap() {
        return heapFor(limit, held);
    }

    boolean isHeapAsPlanned() {
        return heap <= plannedHeap() * 1.1;
    }

    /** As the launcher does it, in whole MiB. */
    private static long heapFor(long limit, HeldPlan held) {
        long rest = (limit - held.sum()) >> 20;
        return Math.max(LEAST_HEAP, Math.min(rest / 2, (rest - OF_JVM) * 3 / 5)) << 20;
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
