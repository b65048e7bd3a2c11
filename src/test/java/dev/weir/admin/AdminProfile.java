package dev.weir.admin;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The application with free ports, the store, and one destination, which refuses whatever comes.
 *
 * <p>One application serves every class with this profile; each sends data under a service name of its own.
 */
public class AdminProfile implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "weir.receive.grpc.port", "0",
                "weir.receive.http.port", "0",
                "weir.store.enabled", "true",
                "weir.batch.age", "10ms",
                "weir.shutdown-timeout", "1s");
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(RefusingDestination.class));
    }

    /** The same with tail sampling, which keeps traces with errors. */
    public static final class Tail extends AdminProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> overrides = new HashMap<>(super.getConfigOverrides());
            overrides.put("weir.sample.tail.policies-file", "src/test/resources/dev/weir/admin/policies.yaml");
            overrides.put("weir.sample.tail.buffer-size", "16MiB");
            overrides.put("weir.sample.tail.decision-wait", "2s");
            overrides.put("weir.sample.tail.decision-wait-after-root", "1s");
            return overrides;
        }
    }

    /** The same behind Istio. */
    public static final class Mesh extends AdminProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> overrides = new HashMap<>(super.getConfigOverrides());
            overrides.put("weir.mesh.kind", "istio");
            overrides.put("weir.mesh.identity", "spiffe://cluster.local/ns/observability/sa/weir");
            return overrides;
        }
    }

    /** The same before its doors are opened. A profile of its own, because its application does not survive the tests. */
    public static final class Unopened extends AdminProfile {}
}
