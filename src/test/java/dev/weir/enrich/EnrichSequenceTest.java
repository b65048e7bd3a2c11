package dev.weir.enrich;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.otlp.GeneratedRequests;
import dev.weir.otlp.RequestScanner;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/** What is remembered of requests before, or found while a request was received, saves time and changes nothing. */
class EnrichSequenceTest {

    private static final List<String> HTTP = List.of("GET", "POST", "purge");
    private static final List<String> CLUSTERS = List.of(
            "outbound|80||reviews.shop.svc.cluster.local",
            "outbound|9080|v2|ratings.shop.svc.cluster.local",
            "inbound|8080||",
            "PassthroughCluster",
            "-");

    @Property(tries = 150)
    void shouldMakeTheSameOfASpanWhateverCameBefore(@ForAll long seed) {
        Random random = new Random(seed);
        String[] properties = properties(random);
        EnrichFixture warm = EnrichFixture.istio(properties);
        List<String> tags = tags(random);
        for (int n = 0; n < 8; n++) {
            if (random.nextInt(4) == 0) {
                warm.from(random.nextBoolean() ? EnrichFixture.RELAY : "spiffe://cluster.local/ns/shop/sa/cart");
            }
            byte[] request = request(tags, random).toByteArray();
            EnrichFixture fresh = EnrichFixture.istio(properties);
            fresh.headers.putAll(warm.headers);

            Payload one = warm.send(Signal.TRACES, request);
            Payload other = fresh.send(Signal.TRACES, request);

            assertThat(one == null).isEqualTo(other == null);
            if (one != null) {
                assertThat(ofTraces(one)).isEqualTo(ofTraces(other));
                assertThat(one.bytes()).isEqualTo(other.bytes());
            }
        }
    }

    @Property(tries = 300)
    void shouldMakeTheSameOfARequestThatIsKnownToBePlain(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        String[] properties = properties(random);
        EnrichFixture sifting = EnrichFixture.istio(properties);
        EnrichFixture reading = EnrichFixture.istio(properties).withoutSieve();
        int plain = 0;
        for (int n = 0; n < 4; n++) {
            byte[] request = n % 2 == 0
                    ? sdkRequest(random).toByteArray()
                    : request(tags(random), random).toByteArray();
            RequestScanner scanner = new RequestScanner(sifting.stage.sieve());
            scanner.scan(Signal.TRACES.requestType(), request);
            plain += scanner.isCaught() ? 0 : 1;

            Payload one = sifting.send(Signal.TRACES, request);
            Payload other = reading.send(Signal.TRACES, request);

            assertThat(one == null).isEqualTo(other == null);
            if (one != null) {
                assertThat(one.bytes()).isEqualTo(other.bytes());
                assertThat(one.bytes() == request).isEqualTo(other.bytes() == request);
            }
        }
        Statistics.label("plain")
                .collect(plain > 0)
                .coverage(checker -> checker.check(true).percentage(share -> share > 30));
    }

    private static Object ofTraces(Payload payload) {
        return GeneratedRequests.parse(Signal.TRACES.requestType(), payload.bytes());
    }

    private static String[] properties(Random random) {
        List<String> all = new ArrayList<>();
        all.addAll(List.of("mesh.dialect", random.nextInt(3) == 0 ? "semconv-only" : "dual"));
        if (random.nextInt(3) == 0) {
            all.addAll(List.of("redact.remove", "user_agent,http.method"));
        }
        if (random.nextInt(3) == 0) {
            all.addAll(List.of("redact.peer-address", "true"));
        }
        if (random.nextInt(3) == 0) {
            all.addAll(List.of("attributes.span.delete", "component,url.full"));
        }
        if (random.nextInt(4) == 0) {
            all.addAll(List.of("attributes.span.set.team", "blue"));
        }
        return all.toArray(String[]::new);
    }

    /** Which tags the spans of a proxy have, in their order. */
    private static List<String> tags(Random random) {
        List<String> tags = new ArrayList<>(List.of(
                "node_id",
                "zone",
                "guid:x-request-id",
                "http.url",
                "http.method",
                "user_agent",
                "http.protocol",
                "peer.address",
                "response_size",
                "component",
                "upstream_cluster",
                "upstream_cluster.name",
                "http.status_code",
                "response_flags",
                "grpc.status_code",
                "grpc.path",
                "upstream_address",
                "istio.cluster_id",
                "mesh.passthrough",
                "url.full",
                "error.type"));
        tags.removeIf(tag -> random.nextInt(5) == 0);
        return tags;
    }

    private static ExportTraceServiceRequest request(List<String> tags, Random random) {
        Span[] spans = new Span[1 + random.nextInt(6)];
        for (int i = 0; i < spans.length; i++) {
            List<String> all = new ArrayList<>();
            for (String tag : tags) {
                if (random.nextInt(40) > 0) {
                    all.add(tag);
                    all.add(value(tag, random));
                }
            }
            Span.Builder span =
                    MeshSpans.child(String.format("%02x", i + 1), "", all.toArray(String[]::new)).toBuilder()
                            .setKind(random.nextBoolean() ? SpanKind.SPAN_KIND_CLIENT : SpanKind.SPAN_KIND_SERVER)
                            .setName("n".repeat(random.nextInt(4)));
            if (random.nextInt(5) == 0) {
                span.setStatus(Status.newBuilder().setCodeValue(random.nextInt(3)));
            }
            spans[i] = span.build();
        }
        return MeshSpans.envoy(spans);
    }

    private static String value(String tag, Random random) {
        return switch (tag) {
            case "node_id" -> MeshSpans.node("cart-" + random.nextInt(2), "shop", "10.1.2.3");
            case "guid:x-request-id" -> "a61b56dc-85cf-9106-8855-a1e7a4d902" + (10 + random.nextInt(90));
            case "http.url", "url.full" ->
                "http://orders/" + random.nextInt(200) + (random.nextInt(4) == 0 ? "?token=a" : "");
            case "http.method" -> HTTP.get(random.nextInt(HTTP.size()));
            case "http.protocol" -> random.nextInt(4) == 0 ? "HTTP/2" : "HTTP/1.1";
            case "peer.address" -> "10.0.0." + random.nextInt(3) + ":80";
            case "response_size" -> Integer.toString(random.nextInt(2000));
            case "upstream_cluster" -> CLUSTERS.get(random.nextInt(CLUSTERS.size()));
            case "http.status_code" -> List.of("200", "200", "503", "404", "0").get(random.nextInt(5));
            case "response_flags" -> List.of("-", "-", "UF,URX", "DI").get(random.nextInt(4));
            case "grpc.status_code" -> List.of("0", "14", "x").get(random.nextInt(3));
            case "grpc.path" -> random.nextInt(9) == 0 ? "/opentelemetry.proto.collector.trace.v1.T/E" : "/shop.R/Get";
            case "zone" -> random.nextInt(5) == 0 ? "" : "eu-west-1a";
            default -> "v" + random.nextInt(2);
        };
    }

    private static ExportTraceServiceRequest sdkRequest(Random random) {
        Span[] spans = new Span[1 + random.nextInt(6)];
        List<String> keys = List.of(
                "http.request.method", "url.path", "server.address", "http.route", "messaging.system", "peer.service");
        for (int i = 0; i < spans.length; i++) {
            List<String> all = new ArrayList<>();
            for (String key : keys) {
                all.add(random.nextInt(40) == 0 ? "mesh.client.principal" : key);
                all.add(key.equals("url.path") && random.nextInt(20) == 0 ? "/a?token=b" : "/a/" + random.nextInt(9));
            }
            spans[i] = MeshSpans.child(String.format("%02x", i + 1), "", all.toArray(String[]::new));
        }
        return MeshSpans.sdk(MeshSpans.resource("service.name", "cart"), spans);
    }
}
