package dev.weir.enrich.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of the section Kubernetes of docs/components/mesh.md names exactly what is written of pods. */
class KubernetesDocsTest {

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** Kind of what controls a pod, and its name. */
    private static final List<String> OWNERS = List.of(
            "apps/v1, kind: ReplicaSet, name: web-7d9c8b6f5d",
            "apps/v1, kind: StatefulSet, name: db",
            "apps/v1, kind: DaemonSet, name: agent",
            "batch/v1, kind: Job, name: report-29500000");

    @Test
    void shouldDocumentExactlyTheAttributesOfPods() throws Exception {
        Set<String> written = new TreeSet<>();
        for (String owner : OWNERS) {
            written.addAll(PodFixture.attributes("""
                    metadata:
                      uid: u
                      name: p
                      namespace: n
                      creationTimestamp: "2026-02-02T02:41:00Z"
                      labels:
                        pod-template-hash: 7d9c8b6f5d
                        app: shop
                        version: v7
                        topology.kubernetes.io/zone: eu-1a
                        topology.kubernetes.io/region: eu-1
                        topology.istio.io/network: network-2
                      ownerReferences: [ { apiVersion: %s, controller: true } ]
                    spec: { nodeName: node-1 }
                    """.formatted(owner)).keySet());
        }

        assertThat(documented()).containsExactlyInAnyOrderElementsOf(written);
    }

    private static List<String> documented() throws Exception {
        String page = Files.readString(Path.of("docs/components/mesh.md"));
        return page.substring(page.indexOf("\n## Kubernetes\n"))
                .lines()
                .dropWhile(line -> !line.startsWith("| attribute |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .flatMap(line -> CODE.matcher(line.split("\\|")[1]).results().map(match -> match.group(1)))
                .toList();
    }
}
