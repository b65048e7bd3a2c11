package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.enrich.MeshConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code weir.mesh} in a file. */
final class MeshConfigTest extends ConfigFileFixture {

    private static final String WEIR = "spiffe://cluster.local/ns/observability/sa/weir";

    @Test
    void shouldBelieveNoHeaderByDefault() {
        WeirConfig config = ConfigFile.check(null, Map.of(), Map.of()).config();

        assertThat(config).isNotNull();
        assertThat(config.mesh().kind()).isEqualTo(MeshConfig.Kind.NONE);
        assertThat(config.mesh().customTags()).isEmpty();
    }

    @Test
    void shouldTakeWhatIsWhole() throws IOException {
        assertThat(faults("""
                weir:
                  mesh:
                    kind: istio
                    identity: %s
                    waypoints: [ "spiffe://cluster.local/ns/observability/sa/waypoint" ]
                    relays: [ "spiffe://cluster.local/ns/observability/sa/otel-agent" ]
                    custom-tags:
                      env: { literal: production }
                      pod: { environment: POD_NAME, default: unknown }
                      tenant: { header: X-Tenant, default: none }
                """.formatted(WEIR))).isEmpty();
        assertThat(faults("weir: { mesh: { kind: linkerd } }")).isEmpty();
        assertThat(faults("weir: { mesh: { kind: istio, waypoints: [ \"" + WEIR + "\" ] } }"))
                .isEmpty();
    }

    /** YAML takes the words for truth values. */
    @Test
    void shouldTakeOnAndOffWithoutQuotes() throws IOException {
        assertThat(faults("weir: { mesh: { kubernetes: on } }")).isEmpty();
        assertThat(faults("weir: { mesh: { kubernetes: off, dialect: off } }")).isEmpty();
        assertThat(faults("weir: { mesh: { kubernetes: auto, dialect: semconv-only } }"))
                .isEmpty();
        assertThat(faults("weir: { mesh: { kubernetes: perhaps, dialect: on } }"))
                .containsExactlyInAnyOrder(
                        "weir.mesh.kubernetes: 'perhaps' is not one of auto, on, off",
                        "weir.mesh.dialect: 'true' is not one of dual, semconv-only, off");
    }

    @Test
    void shouldTakeWhatThePageShows() throws IOException {
        String page = Files.readString(Path.of("docs/components/mesh.md"));
        List<String> shown = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map(block -> block.group(1))
                .toList();

        assertThat(shown).isNotEmpty();
        for (String yaml : shown) {
            assertThat(faults(yaml)).as(yaml).isEmpty();
        }
        MeshConfig mesh = ConfigFile.check(file(shown.get(0)), Map.of(), Map.of())
                .config()
                .mesh();
        assertThat(mesh.customTags()).containsOnlyKeys("deployment.environment.name", "tenant");
        assertThat(mesh.relays())
                .hasValueSatisfying(relays -> assertThat(relays).hasSize(1));
    }

    @Test
    void shouldRejectIstioOfWhichNobodyCouldBeBelieved() throws IOException {
        assertThat(faults("weir: { mesh: { kind: istio } }"))
                .containsExactly("weir.mesh.kind: istio needs weir.mesh.identity (our own SPIFFE id, behind a sidecar)"
                        + " or weir.mesh.waypoints; without them nobody could be believed");
    }

    @Test
    void shouldRejectWhatIsNoSpiffeId() throws IOException {
        String instead = "' is not a SPIFFE id such as spiffe://cluster.local/ns/observability/sa/weir";

        assertThat(faults("weir: { mesh: { identity: weir, waypoints: [ http://a/b ], relays: [ \"" + WEIR
                        + "\", spiffe://cluster.local ] } }"))
                .containsExactly(
                        "weir.mesh.identity: 'weir" + instead,
                        "weir.mesh.waypoints: 'http://a/b" + instead,
                        "weir.mesh.relays: 'spiffe://cluster.local" + instead);
    }

    @Test
    void shouldRejectCustomTagsThatHaveNotExactlyOneSource() throws IOException {
        assertThat(faults("""
                weir: { mesh: { custom-tags: {
                  a: { default: x },
                  b: { literal: x, header: y },
                  c: { literal: x, header: y, environment: z } } } }
                """))
                .containsExactly(
                        "weir.mesh.custom-tags.a: must have exactly one of literal, environment and header, has none",
                        "weir.mesh.custom-tags.b: must have exactly one of literal, environment and header,"
                                + " has literal and header",
                        "weir.mesh.custom-tags.c: must have exactly one of literal, environment and header,"
                                + " has literal and environment and header");
    }

    @ParameterizedTest
    @ValueSource(strings = {":path", "x tenant", "x-tenänt", "x,y"})
    void shouldRejectHeadersThatNoRequestCanHave(String name) throws IOException {
        assertThat(faults("weir: { mesh: { custom-tags: { tenant: { header: \"" + name + "\" } } } }"))
                .containsExactly("weir.mesh.custom-tags.tenant.header: '" + name
                        + "' is not the name of a header: letters, digits, '-', '_' and '.'");
    }

    @Test
    void shouldRejectHeadersOfBytes() throws IOException {
        assertThat(faults("weir: { mesh: { custom-tags: { tenant: { header: X-Tenant-Bin } } } }"))
                .containsExactly("weir.mesh.custom-tags.tenant.header: 'X-Tenant-Bin' has bytes for gRPC, not text;"
                        + " take one that does not end in -bin");
    }

    @Test
    void shouldRejectCustomTagsThatLookVerified() throws IOException {
        assertThat(faults("weir: { mesh: { custom-tags: { \"mesh.client.principal\": { header: x-me } } } }"))
                .containsExactly("weir.mesh.custom-tags.mesh.client.principal: what begins so says what was verified;"
                        + " take another name");
    }
}
