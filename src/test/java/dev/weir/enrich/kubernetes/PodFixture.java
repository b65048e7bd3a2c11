package dev.weir.enrich.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** Pods as the tests here write them. */
final class PodFixture {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private PodFixture() {}

    /** As {@code kubectl get pod -o yaml} shows it. */
    static JsonNode yaml(String text) {
        try {
            return YAML.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static Map<String, String> attributes(String text) {
        return pod(text).attributes();
    }

    static Pod pod(String text) {
        return PodFacts.of(yaml(text), UnaryOperator.identity()).pod();
    }

    /** A pod {@code name-of-<uid>} that has its addresses for ever. */
    static PodFacts running(String uid, long since, String... ips) {
        return running(uid, "name-of-" + uid, since, ips);
    }

    static PodFacts running(String uid, String name, long since, String... ips) {
        return new PodFacts(
                new Pod(uid, "shop", name, ips.length == 0 ? null : ips[0], null, Map.of()),
                new Addresses(List.of(ips), since, Long.MAX_VALUE));
    }

    static long nanos(String time) {
        return TimeUnit.SECONDS.toNanos(Instant.parse(time).getEpochSecond());
    }
}
