package dev.weir.sample.ratio;

/** What {@code weir.sample.ratio} said when it was read; two of them can be compared. */
public record RatioSettings(double traces, double logs, Mode mode) implements RatioConfig {

    public static RatioSettings of(RatioConfig config) {
        return new RatioSettings(config.traces(), config.logs(), config.mode());
    }
}
