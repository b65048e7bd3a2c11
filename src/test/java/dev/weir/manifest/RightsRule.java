package dev.weir.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Weir's service account may read pods, and nothing else. */
final class RightsRule implements Rule {

    private static final Set<String> VERBS = Set.of("get", "list", "watch");

    @Override
    public void check(Overlay overlay, Consumer<String> fault) {
        for (Manifest gateway : overlay.gateways()) {
            String account = gateway.text("/spec/template/spec/serviceAccountName");
            if (!account.equals("weir")
                    || overlay.one("ServiceAccount", account).isEmpty()) {
                fault.accept(gateway + ": must run as the service account weir, and bring it");
            }
            List<Manifest> roles = Stream.concat(overlay.all("ClusterRoleBinding"), overlay.all("RoleBinding"))
                    .filter(binding -> binding.list("/subjects").stream()
                            .anyMatch(subject -> subject.path("name").asText().equals(account)))
                    .flatMap(binding ->
                            overlay.one(binding.text("/roleRef/kind"), binding.text("/roleRef/name")).stream())
                    .toList();
            boolean watches = roles.stream()
                    .flatMap(role -> role.list("/rules").stream())
                    .anyMatch(rule -> texts(rule.path("resources")).contains("pods")
                            && texts(rule.path("verbs")).containsAll(VERBS));
            if (!watches) {
                fault.accept(gateway + ": may not get, list and watch pods");
            }
            for (Manifest role : roles) {
                for (JsonNode rule : role.list("/rules")) {
                    if (!texts(rule.path("apiGroups")).equals(Set.of(""))
                            || !texts(rule.path("resources")).equals(Set.of("pods"))
                            || !VERBS.containsAll(texts(rule.path("verbs")))) {
                        fault.accept(role + ": gives more than get, list and watch on pods: " + rule);
                    }
                }
            }
        }
    }

    private static Set<String> texts(JsonNode list) {
        Set<String> texts = new TreeSet<>();
        list.forEach(one -> texts.add(one.asText()));
        return texts;
    }
}
