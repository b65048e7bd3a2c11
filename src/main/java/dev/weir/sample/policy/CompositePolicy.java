package dev.weir.sample.policy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code composite: { spans-per-second: 1000, parts: [ { share: 0.5, policy: { status: [error] } }, … ] }}: a rate, of
 * which each part has its share. The first part that matches a trace takes it; what one leaves over no other may use.
 */
record CompositePolicy(RateLimits limits, List<Part> partsWithShares) implements Policy {

    private static final int MOST_PARTS = 32;

    /** @param share of the rate, over 0, at most 1 */
    record Part(double share, Policy policy) {}

    CompositePolicy {
        partsWithShares = List.copyOf(partsWithShares);
    }

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        Keys keys = in.keys(node, "composite", "spans-per-second", "bytes-per-second", "burst", "parts");
        Optional<RateLimits> limits = RatePolicy.limits(keys, node, "composite");
        List<Part> parts = new ArrayList<>();
        YamlNode list = keys.at("parts");
        if (list == null && node.kind == YamlNode.Kind.MAP) {
            keys.fault("composite needs the key 'parts'");
        }
        if (list == null) {
            return null;
        }
        if (list.kind != YamlNode.Kind.LIST || list.items.isEmpty() || list.items.size() > MOST_PARTS) {
            in.fault(list, "composite's parts must be a list of 1 to " + MOST_PARTS + " parts");
            return null;
        }
        BigDecimal sum = BigDecimal.ZERO;
        for (YamlNode item : list.items) {
            Keys of = in.keys(item, "a part of composite", "share", "policy");
            Optional<BigDecimal> share = share(of, item);
            YamlNode inner = of.at("policy");
            if (inner == null && item.kind == YamlNode.Kind.MAP) {
                of.fault("a part of composite needs the key 'policy'");
            }
            Policy policy = inner == null ? null : in.policy(inner);
            sum = sum.add(share.orElse(BigDecimal.ZERO));
            if (policy != null && share.isPresent()) {
                parts.add(new Part(share.get().doubleValue(), policy));
            }
        }
        if (sum.compareTo(BigDecimal.ONE) > 0) {
            in.fault(list, "the shares of composite's parts must add up to 1 at most, are " + sum.toPlainString());
        }
        return limits.isEmpty() || parts.isEmpty() ? null : new CompositePolicy(limits.get(), parts);
    }

    private static Optional<BigDecimal> share(Keys keys, YamlNode item) {
        Optional<BigDecimal> share = keys.number("share");
        if (item.kind == YamlNode.Kind.MAP && !keys.has("share")) {
            keys.fault("a part of composite needs the key 'share'");
        }
        if (share.isPresent() && (share.get().signum() <= 0 || share.get().compareTo(BigDecimal.ONE) > 0)) {
            keys.fault("a part's share must be a number over 0 and at most 1");
            return Optional.empty();
        }
        return share;
    }

    @Override
    public TraceCondition condition() {
        return new TraceCondition.Or(parts().stream().map(Policy::condition).toList());
    }

    @Override
    public @Nullable SpanCondition spanCondition() {
        List<SpanCondition> conditions = AndPolicy.spanConditions(parts());
        return conditions.size() == partsWithShares.size() ? new SpanCondition.Or(conditions) : null;
    }

    @Override
    public Outcome outcome(Function<Policy, TraceCondition> conditions) {
        return new Outcome.First(partsWithShares.stream()
                .map(part -> new Outcome.Alternative(
                        conditions.apply(part.policy()),
                        new Outcome.Greatest(List.of(
                                part.policy().outcome(conditions), new Outcome.Chosen(limits.share(part.share()))))))
                .toList());
    }

    @Override
    public List<Policy> parts() {
        return partsWithShares.stream().map(Part::policy).toList();
    }

    @Override
    public boolean isProbabilistic() {
        return true;
    }
}
