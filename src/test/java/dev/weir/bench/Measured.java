package dev.weir.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** All blocks of a scenario; the first gateway is the one that the others are compared with. */
final class Measured {

    private final Scenario scenario;
    private final Map<GatewayProcess, List<Result>> results = new LinkedHashMap<>();
    private final Map<GatewayProcess, MaxRate> maxima = new LinkedHashMap<>();

    Measured(Scenario scenario, List<GatewayProcess> gateways) {
        this.scenario = scenario;
        gateways.forEach(gateway -> results.put(gateway, new ArrayList<>()));
    }

    void add(GatewayProcess gateway, Result result) {
        results.get(gateway).add(result);
    }

    void addMaximum(GatewayProcess gateway, MaxRate search) {
        maxima.put(gateway, search);
    }

    Scenario scenario() {
        return scenario;
    }

    List<GatewayProcess> gateways() {
        return List.copyOf(results.keySet());
    }

    List<Result> results(GatewayProcess gateway) {
        return results.get(gateway);
    }

    @Nullable
    MaxRate maximum(GatewayProcess gateway) {
        return maxima.get(gateway);
    }

    double c(GatewayProcess gateway) {
        return median(gateway, Result::c);
    }

    /** Of the blocks that count; NaN when none does. */
    double median(GatewayProcess gateway, ToDoubleFunction<Result> value) {
        return median(results.get(gateway).stream()
                .filter(Result::counts)
                .mapToDouble(value)
                .toArray());
    }

    /** The gateway's c over the first's, each block's over that of the same half of the round. */
    double[] ratios(GatewayProcess gateway) {
        List<Result> ours = results.values().iterator().next();
        List<Result> theirs = results.get(gateway);
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++) {
            if (ours.get(i).counts() && theirs.get(i).counts()) {
                ratios.add(theirs.get(i).c() / ours.get(i).c());
            }
        }
        return ratios.stream()
                .sorted(Comparator.naturalOrder())
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    static double median(double[] values) {
        if (values.length == 0) {
            return Double.NaN;
        }
        double[] sorted = values.clone();
        java.util.Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
