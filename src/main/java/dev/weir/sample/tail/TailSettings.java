package dev.weir.sample.tail;

/**
 * How long a trace waits, and what it may grow to.
 *
 * @param waitSeconds from its first span
 * @param waitAfterRootSeconds from its root span; never later than {@code waitSeconds}
 * @param maxTraceBytes of its spans; past it, it is decided
 * @param maxTraceSpans past it, it is decided
 * @param policyAttribute whether {@code weir.policy} is written into kept spans
 * @param rememberedBytes for remembering decisions, of each shard
 * @param explanationBytes for explaining them, of each shard
 * @param compressAfterSeconds how long full slabs lie before they are compressed; 0 for ever
 * @param logsFollow whether log records with a trace id share the fate of their trace
 */
record TailSettings(
        int waitSeconds,
        int waitAfterRootSeconds,
        long maxTraceBytes,
        int maxTraceSpans,
        boolean policyAttribute,
        long rememberedBytes,
        long explanationBytes,
        int compressAfterSeconds,
        boolean logsFollow) {}
