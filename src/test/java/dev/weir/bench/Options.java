package dev.weir.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The command line of {@code load-tests/bench}, which describes it.
 *
 * @param seconds a block
 * @param rate items a second; 0 for that of each scenario
 * @param rounds of blocks: ours, theirs, theirs, ours
 * @param warmUpSeconds at most: less when the compiler has little left to do
 * @param standing whether start, idling and held memory are measured too
 * @param maximum whether the greatest rates are looked for
 * @param page into which the table is written
 * @param jvmOptions further options of Weir's JVM
 * @param recording of the Flight Recorder in Weir's JVM, from after warming up
 * @param busyMachine whether a generator that is late is no fault: for trying things out
 */
record Options(
        List<Scenario> scenarios,
        List<Gateway> gateways,
        double seconds,
        int rate,
        int rounds,
        int warmUpSeconds,
        boolean standing,
        boolean maximum,
        @Nullable Path page,
        String jvmOptions,
        boolean busyMachine,
        @Nullable Path recording) {

    /** @throws IllegalArgumentException with a sentence for whoever typed them */
    static Options of(String... arguments) {
        List<Scenario> scenarios = new ArrayList<>();
        List<Gateway> gateways = new ArrayList<>(List.of(Gateway.WEIR, Gateway.OTELCOL, Gateway.ROTEL));
        gateways.removeIf(gateway -> !gateway.isInstalled());
        double seconds = 3;
        int rate = 0;
        int rounds = 1;
        int warmUp = 20;
        boolean standing = false;
        boolean maximum = false;
        Path page = null;
        boolean busyMachine = false;
        Path recording = null;
        String jvmOptions = System.getenv().getOrDefault("WEIR_JAVA_OPTS", "");
        for (int i = 0; i < arguments.length; i++) {
            String word = arguments[i];
            switch (word) {
                case "--all" -> {
                    Scenario.EVERY.stream().filter(Scenario::inAll).forEach(scenarios::add);
                    standing = true;
                    maximum = true;
                    warmUp = 60;
                }
                case "--short" -> {
                    Scenario.EVERY.stream().filter(Scenario::inShort).forEach(scenarios::add);
                    warmUp = 16;
                }
                case "--maximum" -> maximum = true;
                case "--standing" -> standing = true;
                case "--busy-machine" -> busyMachine = true;
                case "--record" -> recording = Path.of(value(arguments, ++i)).toAbsolutePath();
                case "--aa" -> gateways = List.of(Gateway.WEIR, Gateway.WEIR);
                case "--gateways" ->
                    gateways = Arrays.stream(value(arguments, ++i).split(","))
                            .map(name -> Gateway.valueOf(name.toUpperCase(Locale.ROOT)))
                            .toList();
                case "--seconds" -> seconds = Double.parseDouble(value(arguments, ++i));
                case "--rate" -> rate = Integer.parseInt(value(arguments, ++i));
                case "--rounds" -> rounds = Integer.parseInt(value(arguments, ++i));
                case "--warm-up" -> warmUp = Integer.parseInt(value(arguments, ++i));
                case "--write" -> page = Path.of(value(arguments, ++i));
                default -> {
                    if (word.startsWith("-")) {
                        throw new IllegalArgumentException("there is no option " + word);
                    }
                    scenarios.add(Scenario.named(word));
                }
            }
        }
        if (scenarios.isEmpty() && !standing) {
            throw new IllegalArgumentException("name scenarios, or --all, or --short; there are "
                    + Scenario.EVERY.stream().map(Scenario::name).toList());
        }
        return new Options(
                List.copyOf(scenarios),
                List.copyOf(gateways),
                seconds,
                rate,
                rounds,
                warmUp,
                standing,
                maximum,
                page,
                jvmOptions,
                busyMachine,
                recording);
    }

    int rate(Scenario scenario) {
        return rate > 0 ? rate : scenario.rate();
    }

    private static String value(String[] arguments, int at) {
        if (at == arguments.length) {
            throw new IllegalArgumentException(arguments[at - 1] + " wants a value");
        }
        return arguments[at];
    }

    /** Of a gateway's first scenario, or of a further one on the same process. */
    int warmUp(Gateway gateway, boolean first) {
        int whole = gateway == Gateway.WEIR ? warmUpSeconds : Math.min(warmUpSeconds, 2);
        return first ? whole : Math.max(1, whole / 4);
    }
}
