package dev.weir.manifest;

import java.util.ArrayList;
import java.util.List;

/** All rules for manifests. */
public final class ManifestRules {

    private static final List<Rule> ALL = List.of(
            new StrictTypesRule(),
            new VersionsRule(),
            new PortsRule(),
            new AdminPortRule(),
            new OpenDoorRule(),
            new ReplicasRule(),
            new TailRule(),
            new LifeRule(),
            new PodRule(),
            new RightsRule(),
            new ConfigurationRule(),
            new MeshRule(),
            new SidecarRule(),
            new AmbientRule(),
            new TokenRule(),
            new BackendsRule(),
            new TrafficRule(),
            new TelemetryRule(),
            new ScrapeRule(),
            new MetricNamesRule());

    private ManifestRules() {}

    /** What is wrong with a built folder, a sentence each; empty when nothing is. */
    public static List<String> faults(Overlay overlay) {
        List<String> faults = new ArrayList<>();
        ALL.forEach(rule -> rule.check(overlay, faults::add));
        return faults;
    }
}
