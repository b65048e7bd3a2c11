package dev.weir.pipeline;

/**
 * All bytes of telemetry that the process holds, under one limit. Each {@link Use} has a floor that the others cannot
 * take from it; what is above the floors is shared, first come first served.
 *
 * <p>Nobody waits for memory: a reservation is granted or refused at once. One short lock, taken a few times a request.
 */
public final class MemoryBudget {

    /** What memory is used for. */
    public enum Use {
        /** Requests being received and not yet taken. */
        RECEIVE,
        /** Batches under construction and destinations' queues. */
        QUEUES,
        /** Traces that wait for their decision. */
        HELD
    }

    private final long limit;
    private final long[] floors = new long[Use.values().length];
    private final long[] used = new long[Use.values().length];
    /** The part of {@link #limit} that is spoken for: for each use, the greater of its floor and what it uses. */
    private long committed;

    /**
     * @param limit bytes, positive
     * @param receiveFloor bytes kept for {@link Use#RECEIVE}
     * @param queuesFloor bytes kept for {@link Use#QUEUES}
     * @param heldFloor bytes kept for {@link Use#HELD}
     * @throws IllegalArgumentException when the floors are negative or add up to more than the limit
     */
    public MemoryBudget(long limit, long receiveFloor, long queuesFloor, long heldFloor) {
        if (receiveFloor < 0 || queuesFloor < 0 || heldFloor < 0) {
            throw new IllegalArgumentException("floors must not be negative");
        }
        if (receiveFloor + queuesFloor + heldFloor > limit) {
            throw new IllegalArgumentException("floors must not add up to more than the limit");
        }
        this.limit = limit;
        floors[Use.RECEIVE.ordinal()] = receiveFloor;
        floors[Use.QUEUES.ordinal()] = queuesFloor;
        floors[Use.HELD.ordinal()] = heldFloor;
        committed = receiveFloor + queuesFloor + heldFloor;
    }

    /** Takes bytes, or returns false and takes nothing. */
    public synchronized boolean tryReserve(Use use, long bytes) {
        int i = use.ordinal();
        long more = Math.max(floors[i], used[i] + bytes) - Math.max(floors[i], used[i]);
        if (committed + more > limit) {
            return false;
        }
        committed += more;
        used[i] += bytes;
        return true;
    }

    public synchronized void release(Use use, long bytes) {
        int i = use.ordinal();
        if (bytes > used[i]) {
            throw new IllegalStateException("released " + bytes + " bytes of " + use + ", only " + used[i] + " in use");
        }
        committed -= Math.max(floors[i], used[i]) - Math.max(floors[i], used[i] - bytes);
        used[i] -= bytes;
    }

    public synchronized long used(Use use) {
        return used[use.ordinal()];
    }

    public synchronized long used() {
        long sum = 0;
        for (long u : used) {
            sum += u;
        }
        return sum;
    }

    /** The most that the use could hold now: its floor, or what it uses, plus what nobody has spoken for. */
    public synchronized long available(Use use) {
        int i = use.ordinal();
        return Math.max(floors[i], used[i]) + (limit - committed) - used[i];
    }

    public long limit() {
        return limit;
    }

    public long floor(Use use) {
        return floors[use.ordinal()];
    }
}
