package dev.weir.enrich;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.weir.enrich.kubernetes.Pod;
import dev.weir.otlp.GeneratedRequests;
import dev.weir.otlp.OtlpFormatException;
import dev.weir.otlp.RequestScanner;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random requests, with attributes that are looked at and fields that nobody knows. {@code -Dweir.fuzz.seed} repeats one. */
class EnrichFuzzTest {

    private static final int RUNS = 1_000;

    private static final String[] KEYS = {
        "mesh.client.principal",
        "mesh.",
        "mesh",
        "url.full",
        "http.url",
        "url.query",
        "node_id",
        "service.name",
        "k8s.pod.uid",
        "k8s.pod.name",
        "k8s.namespace.name",
        "k8s.pod.ip",
        "k8s.node.name",
        "peer.address",
        "upstream_cluster",
        "http.status_code",
        "response_flags",
        "guid:x-request-id",
        "user.email",
        "env",
        "team",
        "grpc.path",
        "http.method",
        "log_name",
        "node_name",
        "direction"
    };
    private static final String[] VALUES = {
        "",
        "-",
        "x",
        "https://u@shop/a?token=b&c=d#e",
        "token=x&y=z",
        "sidecar~10.1.2.3~cart-1.shop~x.svc",
        "router~::1~g-1.b~x",
        "sidecar~~~",
        "uid-1",
        "cart-1",
        "shop",
        "10.1.2.3",
        "n",
        "production",
        "outbound|80||shop.svc",
        "inbound|",
        "500",
        "UF,URX",
        "GET",
        "10.0.0.1:80",
        "a?key=%zz;key=1"
    };

    /** What a resource and its proxy say alike, and Kubernetes and the operator too. */
    private static final Map<String, String> AGREED =
            Map.of("k8s.pod.ip", "10.1.2.3", "k8s.pod.name", "cart-1", "k8s.namespace.name", "shop");

    /** Messages whose attributes the sender may not call ours. */
    private static final Set<String> STRIPPED = Set.of(
            "opentelemetry.proto.resource.v1.Resource",
            "opentelemetry.proto.common.v1.InstrumentationScope",
            "opentelemetry.proto.trace.v1.Span",
            "opentelemetry.proto.logs.v1.LogRecord",
            "opentelemetry.proto.metrics.v1.NumberDataPoint",
            "opentelemetry.proto.metrics.v1.HistogramDataPoint",
            "opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint",
            "opentelemetry.proto.metrics.v1.SummaryDataPoint");

    @Test
    void shouldChangeNothingButClaimsWhenNothingElseIsAskedFor() {
        EnrichFixture fixture = EnrichFixture.of("redact.query-values", "", "mesh.self-telemetry", "keep");
        run(seed -> {
            Random random = new Random(seed);
            Signal signal = Signal.values()[random.nextInt(3)];
            Message request = attributes(new GeneratedRequests(seed).request(signal.requestType()), random, false);
            byte[] bytes = random.nextBoolean()
                    ? request.toByteArray()
                    : GeneratedRequests.reversed(request.toByteArray(), request.getDescriptorForType());
            bytes = valid(signal, bytes);
            if (bytes == null) {
                return false;
            }

            Payload passed = fixture.send(signal, bytes);

            assertThat(passed).isNotNull();
            Message before = GeneratedRequests.parse(signal.requestType(), bytes);
            Message expected = withoutClaims(before);
            assertThat(GeneratedRequests.parse(signal.requestType(), passed.bytes()))
                    .isEqualTo(expected);
            assertThat(passed.bytes() == bytes).isEqualTo(expected.equals(before));
            return true;
        });
    }

    @Test
    void shouldMakeRequestsOfRequestsAndNothingNewTheSecondTime() {
        EnrichFixture fixture = EnrichFixture.istio(
                "redact.remove", "user.email",
                "redact.peer-address", "true",
                "mesh.custom-tags.env.literal", "production",
                "mesh.custom-tags.\"k8s.pod.ip\".literal", "10.1.2.3",
                "attributes.resource.set.\"k8s.namespace.name\"", "shop",
                "attributes.span.set.team", "blue",
                "attributes.resource.delete", "log_name");
        fixture.pods.add(new Pod(
                "uid-1",
                "shop",
                "cart-1",
                "10.1.2.3",
                "cart",
                Map.of("k8s.pod.uid", "uid-1", "k8s.pod.name", "cart-1", "k8s.node.name", "n")));
        run(seed -> {
            Random random = new Random(seed);
            fixture.headers.clear();
            if (random.nextBoolean()) {
                fixture.from("spiffe://cluster.local/ns/shop/sa/cart");
            }
            Signal signal = Signal.values()[random.nextInt(3)];
            byte[] bytes = attributes(new GeneratedRequests(seed).request(signal.requestType()), random, true)
                    .toByteArray();
            int damage = random.nextInt(3);
            for (int n = damage; n > 0 && bytes.length > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            bytes = valid(signal, bytes);
            if (bytes == null) {
                return false;
            }

            Payload once = fixture.send(signal, bytes);
            if (once == null) {
                return true; // of which nothing was left
            }
            Payload twice = fixture.send(signal, once.bytes());
            Payload thrice = fixture.send(signal, twice.bytes());

            if (damage == 0) { // what the sender says twice is its own affair
                assertThat(repeatedKeys(GeneratedRequests.parse(signal.requestType(), bytes)))
                        .containsAll(repeatedKeys(GeneratedRequests.parse(signal.requestType(), once.bytes())));
            }
            assertThat(twice.items()).isEqualTo(once.items());
            assertThat(thrice.bytes()).isEqualTo(twice.bytes());
            return true;
        });
    }

    private interface Round {
        boolean run(long seed);
    }

    private static void run(Round round) {
        Long fixed = Long.getLong("weir.fuzz.seed");
        SplittableRandom seeds = new SplittableRandom(System.nanoTime());
        int valid = 0;
        for (int i = 0; i < (fixed == null ? RUNS : 1); i++) {
            long seed = fixed == null ? seeds.nextLong() : fixed;
            try {
                valid += round.run(seed) ? 1 : 0;
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        if (fixed == null) {
            assertThat(valid).isGreaterThan(RUNS / 4);
        }
    }

    /** What a door lets through, or null. */
    private static byte[] valid(Signal signal, byte[] bytes) {
        RequestScanner scanner = new RequestScanner();
        try {
            int items = scanner.scan(signal.requestType(), bytes);
            return items == 0 ? null : scanner.rejected() == 0 ? bytes : scanner.withoutRejected();
        } catch (OtlpFormatException e) {
            return null;
        }
    }

    /** The same with keys and values that mean something. */
    private static Message attributes(Message message, Random random, boolean isEnvoy) {
        Message.Builder builder = message.toBuilder();
        for (FieldDescriptor field : message.getAllFields().keySet()) {
            if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                continue;
            }
            if (!field.isRepeated()) {
                builder.setField(field, attributes((Message) message.getField(field), random, isEnvoy));
                continue;
            }
            for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
                builder.setRepeatedField(
                        field, i, attributes((Message) message.getRepeatedField(field, i), random, isEnvoy));
            }
        }
        if (builder instanceof KeyValue.Builder attribute && random.nextInt(3) > 0) {
            String key = KEYS[random.nextInt(KEYS.length)];
            // Where nothing is to be said, no resource may be one of Envoy's access logs.
            attribute.setKey(isEnvoy || !key.equals("log_name") ? key : "mesh");
            if (random.nextBoolean()) {
                attribute.setValue(AnyValue.newBuilder().setStringValue(VALUES[random.nextInt(VALUES.length)]));
            }
        }
        if (isEnvoy && builder instanceof Resource.Builder resource) {
            AGREED.forEach((key, value) -> {
                if (random.nextInt(4) == 0) {
                    resource.addAttributes(MeshSpans.text(key, value));
                }
            });
        }
        if (isEnvoy && builder instanceof Span.Builder span && random.nextBoolean()) {
            span.addAttributes(MeshSpans.text("node_id", "sidecar~10.1.2.3~cart-1.shop~x.svc"));
        }
        if (isEnvoy && builder instanceof InstrumentationScope.Builder scope && random.nextBoolean()) {
            scope.setName("envoy");
        }
        return builder.build();
    }

    /** Keys that are in one of its resources more than once. */
    private static Set<String> repeatedKeys(Message message) {
        Set<String> repeated = new HashSet<>();
        if (message instanceof Resource resource) {
            Set<String> seen = new HashSet<>();
            for (KeyValue attribute : resource.getAttributesList()) {
                if (!seen.add(attribute.getKey())) {
                    repeated.add(attribute.getKey());
                }
            }
            return repeated;
        }
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            if (field.getKey().getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                List<?> values = field.getValue() instanceof List<?> list ? list : List.of(field.getValue());
                values.forEach(value -> repeated.addAll(repeatedKeys((Message) value)));
            }
        }
        return repeated;
    }

    private static Message withoutClaims(Message message) {
        Message.Builder builder = message.toBuilder();
        boolean isStripped = STRIPPED.contains(message.getDescriptorForType().getFullName());
        for (FieldDescriptor field : message.getAllFields().keySet()) {
            if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                continue;
            }
            if (!field.isRepeated()) {
                builder.setField(field, withoutClaims((Message) message.getField(field)));
                continue;
            }
            builder.clearField(field);
            for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
                Message one = (Message) message.getRepeatedField(field, i);
                boolean isClaim = isStripped
                        && field.getName().equals("attributes")
                        && ((KeyValue) one).getKey().startsWith("mesh.");
                if (!isClaim) {
                    builder.addRepeatedField(field, withoutClaims(one));
                }
            }
        }
        return builder.build();
    }
}
