package dev.weir.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ways in which a gateway would be open to who shows no token. */
final class TokenRuleTest {

    private static final Path JWT = Path.of("istio/components/jwt");

    /** Something that is right, what takes its place, and what is said then. */
    @ParameterizedTest(name = "{2} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            weir-senders-outside\\n  namespace: istio-system | weir-senders-outside\\n  namespace: istio-ingress | AuthorizationPolicy/weir-senders-outside: holds for gateways in istio-ingress only
            weir-senders-outside\\n  namespace: istio-system | weir-senders-outside\\n  namespace: istio-ingress | RequestAuthentication/weir-senders-outside: holds for gateways in istio-ingress only
            weir-paths-outside\\n  namespace: istio-system   | weir-paths-outside\\n  namespace: istio-ingress   | AuthorizationPolicy/weir-paths-outside: holds for gateways in istio-ingress only
            matchLabels: { istio: ingressgateway }           | matchLabels: { istio: ingress }                   | selects other pods than Gateway/weir-otlp
            selector: { istio: ingressgateway }              | selector: { app: gateway }                        | selects other pods than Gateway/weir-otlp
            kind: RequestAuthentication                      | kind: PeerAuthentication                          | no RequestAuthentication reads tokens
            notRequestPrincipals                             | requestPrincipals                                 | otlp.example.com is open to who shows no token
            observability/otlp.example.com                   | observability/otel.example.com                    | otel.example.com is open to who shows no token
            action: DENY                                     | action: ALLOW                                     | otlp.example.com is open to who shows no token
            mode: SIMPLE, credentialName                     | credentialName                                    | takes tokens without TLS
            """)
    void shouldFindAGatewayThatIsOpen(String old, String next, String said) {
        Sample right = Sample.sidecar()
                .and(JWT.resolve("gateway.yaml"))
                .and(JWT.resolve("request-authentication.yaml"))
                .and(JWT.resolve("authorization-policy.yaml"));

        assertThat(right.faults()).isEmpty();
        assertThat(right.replacing(old.replace("\\n", "\n"), next.replace("\\n", "\n"))
                        .faults())
                .anySatisfy(fault -> assertThat(fault).contains(said));
    }
}
