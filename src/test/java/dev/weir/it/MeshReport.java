package dev.weir.it;

import dev.weir.it.MeshCertificates.Workload;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Runs {@link EnvoyChain} and writes spans as they came and as they went on, side by side, between two lines of a file. */
final class MeshReport {

    private static final String BEGIN = "<!-- mesh-run: begin -->";
    private static final String END = "<!-- mesh-run: end -->";
    private static final String HEADING = "## Before and after";
    private static final String LIMITS = "## Limits";
    private static final String REVIEWS = "http://reviews.default.svc.cluster.local:8080";

    private final EnvoyChain chain;
    private final StringBuilder text = new StringBuilder();
    private final Set<String> shown = new HashSet<>();

    private MeshReport(EnvoyChain chain) {
        this.chain = chain;
    }

    /** @param arguments the file */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        Path directory = Files.createTempDirectory("mesh");
        try (EnvoyChain chain = new EnvoyChain(directory, EnvoyChain.MESH)) {
            String section = new MeshReport(chain).run();
            Files.writeString(file, between(Files.exists(file) ? Files.readString(file) : "# Mesh\n", section));
        }
        System.out.println("written: " + file);
    }

    private String run() {
        text.append("""

                Made by `load-tests/mesh/run`: a chain of real Envoys (1.40), configured as Istio configures sidecars, with mutual
                TLS between all and one of them in front of Weir. Left what the proxy sent; right what went on, where that is
                something else. Of the first span everything is shown; of the others what became of them and was not shown before.
                """);
        String call = MeshCalls.get(chain.gatewayPort(), "http://bookinfo.example.com/productpage?token=hush")
                .traceId();
        section("A call, at the sidecar of who calls", call, 5, 3, true);
        section("The same call, at the sidecar of who is called", call, 5, 4, false);
        section("The same call, the attempt of the gateway", call, 5, 1, false);
        section(
                "A call that times out, at the sidecar of who is called: it only sees the caller go",
                MeshCalls.get(chain.productpageOutbound(), REVIEWS + "/slow").traceId(),
                2,
                1,
                false);
        section(
                "A call that reaches nobody",
                MeshCalls.get(chain.productpageOutbound(), "http://ratings.default.svc.cluster.local:8080/")
                        .traceId(),
                1,
                0,
                false);
        section(
                "A gRPC call, at the sidecar of who calls",
                MeshCalls.grpc(chain.productpageOutbound(), Status.Code.NOT_FOUND)
                        .traceId(),
                2,
                0,
                false);
        section(
                "A call past the mesh",
                MeshCalls.get(chain.productpageOutbound(), "http://other.example.com/")
                        .traceId(),
                1,
                0,
                false);
        section("A span that `evil/thief` sends in the name of productpage's pod", thief(), 1, 0, false);
        return text.toString();
    }

    private String thief() {
        Workload thief = chain.certificates.workload("evil", "thief");
        String traceId = MeshCalls.traceId();
        try (MeshSender sender = new MeshSender(chain, thief)) {
            sender.send(
                    MeshSender.span(
                            traceId,
                            List.of(Samples.attribute("mesh.client.principal", chain.productpage.spiffeId())),
                            Samples.attribute("node_id", EnvoyChain.PRODUCTPAGE.nodeId())),
                    "By=spiffe://cluster.local/ns/observability/sa/weir;Subject=\"\";URI="
                            + chain.productpage.spiffeId());
        }
        return traceId;
    }

    /** @param whole whether what stays as it is is shown too */
    private void section(String title, String traceId, int spans, int index, boolean whole) {
        MeshSpan after = chain.await(traceId, spans).get(index);
        MeshSpan before = chain.awaitBefore(traceId, spans).get(index);
        text.append("\n### ").append(title).append("\n| | as it came | as it goes on |\n|---|---|---|\n");
        row(
                "span status",
                before.span().getStatus().getCode(),
                after.span().getStatus().getCode(),
                whole);
        rows("resource ", before.resource(), after.resource(), whole);
        rows("", before.attributes(), after.attributes(), whole);
    }

    private void rows(String what, Map<String, Object> before, Map<String, Object> after, boolean whole) {
        TreeSet<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        keys.forEach(key -> row(what + "`" + key + "`", before.get(key), after.get(key), whole));
    }

    private void row(String name, Object before, Object after, boolean whole) {
        boolean isChanged = !Objects.equals(before, after);
        if (whole || isChanged && !shown.contains(name + after)) {
            shown.add(name + after);
            text.append("| ").append(name).append(" | ").append(cell(before)).append(" | ");
            text.append(isChanged ? cell(after) : "").append(" |\n");
        }
    }

    private static String cell(Object value) {
        if (value == null) {
            return "";
        }
        String type = value instanceof Long ? " (int)" : value instanceof Boolean ? " (bool)" : "";
        return "`" + value.toString().replace("|", "\\|") + "`" + type;
    }

    /** Without the lines, a section for them is put before the limits. */
    static String between(String file, String section) {
        int begin = file.indexOf(BEGIN);
        int end = file.indexOf(END);
        if (begin >= 0 && end > begin) {
            return file.substring(0, begin + BEGIN.length()) + "\n" + section + "\n" + file.substring(end);
        }
        int limits = file.indexOf(LIMITS);
        int at = limits < 0 ? file.length() : limits;
        return file.substring(0, at) + HEADING + "\n" + BEGIN + "\n" + section + "\n" + END + "\n\n"
                + file.substring(at);
    }
}
