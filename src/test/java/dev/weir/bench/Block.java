package dev.weir.bench;

import dev.weir.pipeline.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** One measurement: a load at a fixed rate on one gateway for some seconds, and what came of it. */
final class Block {

    private static final long SECOND = 1_000_000_000;
    private static final long SAMPLE = SECOND / 10;
    private static final long TURN = SECOND / 100;
    private static final long DELIVERED_WITHIN = 5 * SECOND;
    private static final long QUIET = SECOND;

    /** So many requests at once while the gateway warms up. */
    private static final int WARM_UP_REQUESTS = 32;

    private static final int WARM_UP_STEP = 4;
    private static final long LONGEST_SETTLING = 15 * SECOND;
    private static final double WARM = 0.04;

    /** Beyond this there is no telling whether the rate was kept. */
    private static final double MOST_BUSY = 0.92;

    private final Loop loop;
    private final List<Sink> sinks;
    private final Ids ids;
    private final double latest;
    private long nextItem;

    /**
     * @param sinks all that the gateway sends to; what arrives is expected at each of them
     * @param latest milliseconds by which 99 % of the requests may be late
     */
    Block(Loop loop, List<Sink> sinks, long seed, double latest) {
        this.latest = latest;
        this.loop = loop;
        this.sinks = sinks;
        this.ids = new Ids(seed);
    }

    /**
     * As many small requests as it takes, and the scenario's at twice its rate, in turn, until the gateway's compiler has little left
     * to do, or for the greatest time; refusals are no matter.
     *
     * @return the share of the CPU time that compiling took at last
     */
    double warmUp(GatewayProcess gateway, Scenario scenario, int seconds) {
        Expectation any = new Expectation(0, 0, true);
        double before = 1;
        double compiling = 1;
        for (int done = 0; done < seconds && Math.max(before, compiling) > WARM; done += WARM_UP_STEP) {
            boolean small = done / WARM_UP_STEP % 2 == 0;
            before = compiling;
            compiling = run(
                            gateway,
                            small ? scenario.warmUp() : scenario.load(),
                            scenario.headers(),
                            small ? 0 : 2 * scenario.rate(),
                            Math.min(WARM_UP_STEP, seconds - done),
                            any)
                    .compiling();
        }
        settle(scenario.expectation().held() * SECOND, QUIET);
        return compiling;
    }

    /**
     * Waits until nothing arrives any more: what is late belongs to no block. Not for ever, for senders may try again.
     *
     * @param least nanoseconds for which it waits in any case
     * @param quiet nanoseconds without an arrival after that
     */
    void settle(long least, long quiet) {
        long start = System.nanoTime();
        loop.run(woken -> {
            long past = System.nanoTime() - start;
            long last = sinks.stream()
                    .mapToLong(sink -> sink.tally().lastArrival())
                    .max()
                    .orElseThrow();
            boolean isQuiet = past > least + quiet && System.nanoTime() - last > quiet;
            return isQuiet || past > least + quiet + LONGEST_SETTLING ? Loop.Task.DONE : start + past + TURN;
        });
    }

    /** @param rate items a second; 0 for as many as are answered */
    Result run(
            GatewayProcess gateway,
            Load load,
            Map<String, String> headers,
            int rate,
            double seconds,
            Expectation expectation) {
        Traffic traffic = new Traffic(load, ids, nextItem);
        try {
            Senders senders = new Senders(loop, load, traffic, gateway.port(load.protocol()), headers);
            long start = System.nanoTime() + SECOND / 20;
            Run run = new Run(gateway, load, traffic, senders, rate, seconds, expectation, start);
            long pause = run.pause == 0 ? 1 : run.pause;
            sinks.forEach(sink -> sink.tally().begin(traffic, expectation.kept() < 1, start, pause));
            run.busyBefore = loop.busy();
            run.cpuBefore = gateway.cpu();
            loop.run(run);
            Result result = run.result(loop.busy());
            senders.close();
            nextItem = traffic.end();
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Run implements Loop.Task {
        private final GatewayProcess gateway;
        private final Load load;
        private final Traffic traffic;
        private final Senders senders;
        private final Expectation expectation;
        private final int rate;
        private final double seconds;
        private final long start;
        private final long pause;
        private final long requests;
        private final Samples lateness = new Samples();
        private final Samples resident = new Samples();
        private Map<String, Long> cpuBefore = Map.of();
        private long busyBefore;
        private long busyWhileSending;
        private long sent;
        private long nextSample;
        private long sendingEnded;

        Run(
                GatewayProcess gateway,
                Load load,
                Traffic traffic,
                Senders senders,
                int rate,
                double seconds,
                Expectation expectation,
                long start) {
            this.gateway = gateway;
            this.load = load;
            this.traffic = traffic;
            this.senders = senders;
            this.expectation = expectation;
            this.rate = rate;
            this.seconds = seconds;
            this.start = start;
            pause = rate == 0 ? 0 : SECOND * load.items() / rate;
            int cycle = load.scattered() ? Traffic.ITEMS_A_TRACE : 1;
            requests = rate == 0 ? Long.MAX_VALUE : Math.max(1, (long) (seconds * SECOND / pause) / cycle) * cycle;
            nextSample = start;
        }

        @Override
        public long run(long woken) throws IOException {
            long now = System.nanoTime();
            if (now >= nextSample) {
                resident.add(gateway.residentBytes());
                nextSample = now + SAMPLE;
            }
            if (sendingEnded == 0) {
                long next = send(now);
                if (sendingEnded == 0) {
                    return next;
                }
            }
            return isOver(now) ? DONE : now + TURN;
        }

        private long send(long now) throws IOException {
            if (rate == 0) {
                boolean over =
                        now - start > seconds * SECOND && (!load.scattered() || sent % Traffic.ITEMS_A_TRACE == 0);
                while (!over && senders.underWay() < WARM_UP_REQUESTS) {
                    senders.send(traffic.next(now));
                    sent++;
                }
                if (over) {
                    endSending(now);
                }
                return now + SECOND;
            }
            // a few at a time, so that what arrives is looked at between
            for (int i = 0; i < 8 && sent < requests; i++) {
                long due = start + sent * pause;
                if (due > now) {
                    return due;
                }
                lateness.add(now - due);
                senders.send(traffic.next(due));
                sent++;
            }
            if (sent == requests) {
                endSending(now);
            }
            return now;
        }

        private void endSending(long now) {
            sendingEnded = now;
            busyWhileSending = loop.busy() - busyBefore;
        }

        private boolean isOver(long now) {
            long wait = expectation.held() * SECOND;
            if (expectation.kept() == 1
                    && senders.underWay() == 0
                    && sinks.stream().allMatch(sink -> sink.tally().items(traffic.signal()) >= traffic.items())) {
                return true;
            }
            boolean quiet = sinks.stream().allMatch(sink -> now - sink.tally().lastArrival() > QUIET);
            if (expectation.kept() < 1 && senders.underWay() == 0 && now - sendingEnded > wait + QUIET && quiet) {
                return true;
            }
            return now - sendingEnded > wait + DELIVERED_WITHIN;
        }

        Result result(long busy) {
            double cpu = gateway.cpuSince(cpuBefore) / 1e9;
            Tally tally = sinks.getFirst().tally();
            Signal signal = traffic.signal();
            long arrived = tally.items(signal);
            long base = expectation.kept() < 1 ? traffic.items() - senders.refused() : arrived;
            double took = Math.max(1e-9, (sendingEnded - start) / 1e9);
            return new Result(
                    gateway.gateway(),
                    traffic.items() / took,
                    traffic.items(),
                    senders.requests(),
                    senders.refused(),
                    arrived,
                    cpu,
                    cpu / base * 1e6,
                    gateway.compilingSince(cpuBefore) / 1e9 / cpu,
                    cpu / took,
                    resident.quantile(0.5),
                    resident.quantile(1),
                    senders.delays().millis(0.5),
                    senders.delays().millis(0.99),
                    tally.delays().millis(0.5),
                    tally.delays().millis(0.99),
                    busyWhileSending / 1e9 / took,
                    fault());
        }

        /** Empty when the block counts. */
        private String fault() {
            if (senders.underWay() > 0) {
                return "%,d requests were not answered".formatted(senders.underWay());
            }
            if (senders.refused() > 0 && !expectation.mayRefuse()) {
                return "%,d of %,d refused (%s)".formatted(senders.refused(), traffic.items(), senders.lastRefusal());
            }
            if (rate > 0 && lateness.millis(0.99) > latest) {
                return "the generator was late by %.0f ms".formatted(lateness.millis(0.99));
            }
            if (rate > 0 && busyWhileSending / 1e9 / Math.max(1e-9, (sendingEnded - start) / 1e9) > MOST_BUSY) {
                return "the generator was saturated";
            }
            return sinks.stream()
                    .map(sink -> fault(sink.tally()))
                    .filter(fault -> !fault.isEmpty())
                    .findFirst()
                    .orElse("");
        }

        private String fault(Tally tally) {
            long[] count = new long[1];
            long hash = traffic.hash();
            if (expectation.kept() == 1) {
                count[0] = traffic.items();
            } else {
                hash = tally.traces().stream()
                        .mapToLong(trace -> traffic.hashOfTrace(trace, count))
                        .sum();
            }
            long arrived =
                    Arrays.stream(Signal.values()).mapToLong(tally::items).sum();
            if (arrived != count[0] || hash != tally.hash() || tally.strangers() > 0) {
                return "%,d of %,d expected arrived, hashes %s, %,d were not sent"
                        .formatted(arrived, count[0], hash == tally.hash() ? "equal" : "differ", tally.strangers());
            }
            double expected = expectation.kept() * traffic.traces();
            double deviation = Math.sqrt(expected * (1 - expectation.kept()));
            if (expectation.kept() < 1 && Math.abs(tally.traces().cardinality() - expected) > 5 * deviation + 1) {
                return "%,d of %,d traces kept".formatted(tally.traces().cardinality(), traffic.traces());
            }
            return "";
        }
    }
}
