package dev.weir.sample.policy;

import com.google.re2j.Pattern;
import dev.weir.sample.ratio.Threshold;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code canary: { subset: v2, share: 0.5 }}: a share, up to all, of the traces that touched a subset of a destination
 * rule, or a revision of a service.
 */
record CanaryPolicy(List<String> subsets, List<String> revisions, long threshold) implements SpanPolicy {

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        Keys keys = in.keys(node, "canary", "subset", "revision", "share");
        List<String> subsets = keys.texts("subset");
        List<String> revisions = keys.texts("revision");
        if (node.kind == YamlNode.Kind.MAP && !keys.has("subset") && !keys.has("revision")) {
            keys.fault("canary needs subset or revision");
        }
        BigDecimal share = keys.number("share").orElse(BigDecimal.ONE);
        if (share.signum() <= 0 || share.compareTo(BigDecimal.ONE) > 0) {
            keys.fault("canary's share must be a number over 0 and at most 1, was " + share.toPlainString());
            return null;
        }
        if (subsets.isEmpty() && revisions.isEmpty()) {
            return null;
        }
        return new CanaryPolicy(
                subsets.stream().sorted().toList(), revisions.stream().sorted().toList(), RatioPolicy.threshold(share));
    }

    @Override
    public SpanCondition spanCondition() {
        List<SpanCondition> any = new ArrayList<>();
        if (!subsets.isEmpty()) {
            any.add(new SpanCondition.Attribute(
                    Place.SPAN_OR_RESOURCE, "mesh.destination.subset", new ValueTest.OneOf(subsets)));
            for (String subset : subsets) {
                any.add(new SpanCondition.Attribute(
                        Place.SPAN, "upstream_cluster", new ValueTest.Matches(clusterOf(subset))));
            }
        }
        if (!revisions.isEmpty()) {
            ValueTest test = new ValueTest.OneOf(revisions);
            for (String key : List.of(
                    "istio.canonical_revision",
                    "istio.destination_canonical_revision",
                    "service.istio.io/canonical-revision")) {
                any.add(new SpanCondition.Attribute(Place.SPAN_OR_RESOURCE, key, test));
            }
        }
        return new SpanCondition.Or(any);
    }

    /** {@code outbound|PORT|SUBSET|HOST}, {@code outbound_.PORT_.SUBSET_.HOST}, {@code inbound-vip|PORT|http/SUBSET|HOST}. */
    private static String clusterOf(String subset) {
        String name = Pattern.quote(subset);
        return "^(?:outbound|inbound-vip)(?:\\|[0-9]+\\|(?:http/)?" + name + "\\||_\\.[0-9]+_\\." + name + "_\\.)";
    }

    @Override
    public Outcome outcome(Function<Policy, TraceCondition> conditions) {
        return new Outcome.Fixed(threshold);
    }

    @Override
    public boolean isProbabilistic() {
        return threshold != Threshold.ALWAYS;
    }
}
