package dev.weir.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.function.Consumer;

/** The pod may do no more than it needs, and gets what it was sized for. */
final class PodRule implements Rule {

    @Override
    public void check(Overlay overlay, Consumer<String> fault) {
        for (Manifest gateway : overlay.gateways()) {
            JsonNode pod = gateway.at("/spec/template/spec");
            JsonNode container = Overlay.container(gateway);
            JsonNode security = container.path("securityContext");
            must(
                    pod.at("/securityContext/runAsNonRoot").asBoolean(false)
                            && pod.at("/securityContext/runAsUser").asLong(0) > 0,
                    gateway + ": must run as a user other than root",
                    fault);
            must(
                    pod.at("/securityContext/seccompProfile/type").asText().equals("RuntimeDefault"),
                    gateway + ": must have seccomp RuntimeDefault",
                    fault);
            must(
                    security.path("readOnlyRootFilesystem").asBoolean(false),
                    gateway + ": its root file system must be read-only",
                    fault);
            must(
                    !security.path("allowPrivilegeEscalation").asBoolean(true),
                    gateway + ": must not escalate privileges",
                    fault);
            must(
                    Manifest.list(security.at("/capabilities/drop")).stream()
                                    .anyMatch(one -> one.asText().equals("ALL"))
                            && security.at("/capabilities/add").isEmpty(),
                    gateway + ": must drop all capabilities",
                    fault);
            must(
                    !pod.path("enableServiceLinks").asBoolean(true),
                    gateway
                            + ": must have enableServiceLinks: false, or WEIR_ADMIN_PORT of the Service weir-admin is a fault at the start",
                    fault);
            must(
                    !pod.path("hostNetwork").asBoolean(false)
                            && !pod.path("hostPID").asBoolean(false),
                    gateway + ": must not share the node's network or processes",
                    fault);
            must(
                    Manifest.list(container.path("volumeMounts")).stream()
                            .anyMatch(mount -> mount.path("mountPath").asText().equals("/tmp")
                                    && !mount.path("readOnly").asBoolean(false)),
                    gateway + ": needs a /tmp to write to",
                    fault);
            String image = container.path("image").asText();
            must(
                    image.contains("/")
                            || container.path("imagePullPolicy").asText().equals("IfNotPresent"),
                    gateway + ": image " + image
                            + " is in no registry, and is pulled all the same without IfNotPresent",
                    fault);
            must(
                    !pod.path("topologySpreadConstraints").isEmpty(),
                    gateway + ": has no topologySpreadConstraints",
                    fault);
            resources(gateway, container.path("resources"), fault);
        }
    }

    private static void resources(Manifest gateway, JsonNode resources, Consumer<String> fault) {
        JsonNode limits = resources.path("limits");
        JsonNode requests = resources.path("requests");
        must(
                limits.has("memory")
                        && Quantity.getAmountInBytes(new Quantity(
                                                limits.path("memory").asText()))
                                        .compareTo(Quantity.getAmountInBytes(new Quantity(
                                                requests.path("memory").asText("0"))))
                                == 0,
                gateway + ": memory must be requested, and limited to the same",
                fault);
        must(limits.has("cpu"), gateway + ": without a limit of cpu the JVM makes threads for the whole node", fault);
        must(requests.has("cpu"), gateway + ": requests no cpu", fault);
    }

    private static void must(boolean holds, String otherwise, Consumer<String> fault) {
        if (!holds) {
            fault.accept(otherwise);
        }
    }
}
