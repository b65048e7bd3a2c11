package dev.weir.it;

import static dev.weir.it.Samples.attribute;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.it.MeshCalls.Call;
import dev.weir.it.MeshCertificates.Workload;
import io.grpc.StatusRuntimeException;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who Weir says has sent something, behind a real sidecar that appends to whatever header a sender wrote. */
class EnvoyIdentityIT {

    private static final String PRODUCTPAGE = "spiffe://cluster.local/ns/default/sa/bookinfo-productpage";
    private static final String FORGED = "By=spiffe://cluster.local/ns/observability/sa/weir;Hash=" + "0".repeat(64)
            + ";Subject=\"\";URI=" + PRODUCTPAGE;

    @TempDir
    static Path directory;

    private static EnvoyChain chain;
    private static Workload thief;

    @BeforeAll
    static void start() {
        chain = new EnvoyChain(directory, EnvoyChain.MESH);
        thief = chain.certificates.workload("evil", "thief", "thief.evil.svc.cluster.local");
    }

    @AfterAll
    static void stop() {
        if (chain != null) {
            chain.close();
        }
    }

    @Test
    void shouldNameTheVerifiedSenderOfEverySpan() {
        // When
        Call call = MeshCalls.get(chain.gatewayPort(), "http://bookinfo.example.com/productpage");

        // Then
        assertThat(spans(call.traceId(), 5))
                .extracting(span -> span.resource().get("mesh.client.principal"))
                .containsExactly(
                        "spiffe://cluster.local/ns/istio-system/sa/istio-ingressgateway",
                        "spiffe://cluster.local/ns/istio-system/sa/istio-ingressgateway",
                        PRODUCTPAGE,
                        PRODUCTPAGE,
                        "spiffe://cluster.local/ns/default/sa/bookinfo-reviews");
        assertThat(spans(call.traceId(), 5).getLast().resource())
                .containsEntry("mesh.client.trust_domain", "cluster.local")
                .containsEntry("mesh.client.namespace", "default")
                .containsEntry("mesh.client.service_account", "bookinfo-reviews")
                .doesNotContainKey("mesh.identity.mismatch");
    }

    @Test
    void shouldNotBelieveAForgedElement() {
        // When
        MeshSpan span = sent(thief, List.of(), FORGED);

        // Then
        assertThat(span.resource().get("mesh.client.principal")).isEqualTo(thief.spiffeId());
    }

    @Test
    void shouldNotBelieveAForgedElementOnALineOfItsOwn() {
        // When
        MeshSpan span = sent(thief, List.of(), FORGED, FORGED);

        // Then
        assertThat(span.resource().get("mesh.client.principal")).isEqualTo(thief.spiffeId());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ";Subject=\"", // the quote opens before the element that Envoy appends, and swallows it
                ",By=\"",
                ";X=\"\\\"", // closed for who does not heed the backslash
                ",\"",
                "\\"
            })
    void shouldNotBelieveAForgedElementThatSwallowsEnvoys(String tail) {
        // When
        MeshSpan span = sent(thief, List.of(), FORGED + tail);

        // Then
        assertThat(span.resource().get("mesh.client.principal")).isIn(null, thief.spiffeId());
    }

    @Test
    void shouldCountWhatWasNotBelieved() {
        // When
        MeshSpan span = sent(thief, List.of(), FORGED + ";Subject=\"");

        // Then
        assertThat(span.resource()).doesNotContainKey("mesh.client.principal");
        assertThat(chain.weir.metric("weir_sender_identity_requests_total", "outcome=\"unbalanced\""))
                .isPositive();
    }

    /** The sidecar has one connection to Weir for all senders: what one of them does must not end it under the others. */
    @ParameterizedTest
    @ValueSource(ints = {20, 50})
    void shouldTakeWhatOthersSendWhileOneSendsLongHeaders(int kibibytes) throws Exception {
        Workload cart = chain.certificates.workload("shop", "cart-" + kibibytes);
        String traceId = MeshCalls.traceId();
        AtomicBoolean ended = new AtomicBoolean();
        AtomicInteger sent = new AtomicInteger();
        try (MeshSender attacker = new MeshSender(chain, thief);
                MeshSender client = new MeshSender(chain, cart);
                ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
            // When
            Future<?> attack = thread.submit(() -> {
                while (!ended.get()) {
                    try {
                        attacker.send(MeshSender.span(MeshCalls.traceId(), List.of()), "x".repeat(kibibytes << 10));
                    } catch (StatusRuntimeException refused) {
                        // as it may be
                    }
                    sent.incrementAndGet();
                }
            });
            int calls = 0;
            try {
                for (; calls < 200 || sent.get() < 20 && !attack.isDone(); calls++) {
                    client.send(MeshSender.span(traceId, List.of())); // throws when it is refused
                }
            } finally {
                ended.set(true);
            }
            attack.get(20, TimeUnit.SECONDS);

            // Then
            assertThat(spans(traceId, calls))
                    .allSatisfy(span ->
                            assertThat(span.resource()).containsEntry("mesh.client.principal", cart.spiffeId()));
        }
    }

    @Test
    void shouldTellAPodThatIsNotTheSenders() {
        // When
        MeshSpan span = sent(thief, List.of());

        // Then
        assertThat(span.resource())
                .containsEntry("mesh.client.namespace", "evil")
                .containsEntry("mesh.identity.mismatch", true)
                .doesNotContainKeys("k8s.pod.name", "k8s.pod.ip", "mesh.proxy.type");
        assertThat(chain.weir.metric("weir_identity_mismatches_total")).isPositive();
        assertThat(Http.getJson(chain.weir.adminUrl("/api/senders")).path("senders"))
                .filteredOn(sender -> sender.path("identity").asText().equals(thief.spiffeId()))
                .singleElement()
                .satisfies(sender -> {
                    assertThat(sender.path("kind").asText()).isEqualTo("verified");
                    assertThat(sender.path("mismatches").asLong()).isPositive();
                });
    }

    /** Whoever calls the application says what is in the tag. */
    @Test
    void shouldHoldACustomTagInThePlaceOfTheNodeIdAgainstTheSender() {
        // When
        String reviews = "http://reviews.default.svc.cluster.local:8080/";
        String vault = "sidecar~10.9.9.9~vault-1.bank~bank.svc.cluster.local";
        Call absurd = MeshCalls.get(chain.productpageOutbound(), reviews, "x-tag-node", "nobody");
        Call forged = MeshCalls.get(chain.productpageOutbound(), reviews, "x-tag-node", vault);

        // Then
        assertThat(spans(absurd.traceId(), 2)).allSatisfy(span -> {
            assertThat(span.attributes()).containsEntry("node_id", "nobody");
            assertThat(span.resource())
                    .containsKey("mesh.client.principal")
                    .doesNotContainKeys("k8s.pod.name", "k8s.pod.ip", "mesh.identity.mismatch");
        });
        assertThat(spans(forged.traceId(), 2)).allSatisfy(span -> {
            assertThat(span.attributes()).containsEntry("node_id", vault);
            assertThat(span.resource())
                    .containsEntry("mesh.identity.mismatch", true)
                    .doesNotContainKeys("k8s.pod.name", "k8s.pod.ip");
        });
    }

    @Test
    void shouldTakeOutWhatASenderSaysOfItselfInOurName() {
        // When
        MeshSpan span = sent(
                thief,
                List.of(attribute("mesh.client.principal", PRODUCTPAGE), attribute("mesh.identity.verified", "true")));

        // Then
        assertThat(span.resource())
                .containsEntry("mesh.client.principal", thief.spiffeId())
                .doesNotContainKey("mesh.identity.verified");
        assertThat(span.attributes()).doesNotContainKey("mesh.sampling.reason");
    }

    @Test
    void shouldKeepWhatARelaySaysOfOthers() {
        // Given
        Workload relay = chain.certificates.workload("observability", "otel-agent", "agent.observability.svc");

        // When
        MeshSpan span = sent(relay, List.of(attribute("mesh.client.principal", PRODUCTPAGE)));

        // Then
        assertThat(span.resource())
                .containsEntry("mesh.client.principal", PRODUCTPAGE)
                .doesNotContainKey("mesh.identity.mismatch");
    }

    /** What becomes of a span that claims to be from productpage's pod. */
    private static MeshSpan sent(Workload sender, List<KeyValue> resource, String... forwarded) {
        String traceId = MeshCalls.traceId();
        try (MeshSender client = new MeshSender(chain, sender)) {
            client.send(
                    MeshSender.span(
                            traceId,
                            resource,
                            attribute("node_id", EnvoyChain.PRODUCTPAGE.nodeId()),
                            attribute("mesh.sampling.reason", "forged")),
                    forwarded);
        }
        return spans(traceId, 1).getFirst();
    }

    private static List<MeshSpan> spans(String traceId, int count) {
        return chain.await(traceId, count);
    }
}
