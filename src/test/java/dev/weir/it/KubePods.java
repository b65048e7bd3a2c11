package dev.weir.it;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Writes pods as a Deployment's controller, the scheduler and a node would. */
final class KubePods {

    private static final int AT_ONCE = 8;

    private final KubernetesClient admin;

    KubePods(KubernetesClient admin) {
        this.admin = admin;
    }

    /**
     * A pod of the Deployment {@code web}, with a sidecar, on {@code node-1}.
     *
     * @param ip null before it has one
     * @return its uid
     */
    String create(String name, String ip, String startTime) {
        return create(name, ip, startTime, null);
    }

    /** @param serviceAccount as which it runs; null when that is not said */
    String create(String name, String ip, String startTime, String serviceAccount) {
        Pod pod = admin.pods()
                .inNamespace("default")
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("app", "shop")
                        .addToLabels("version", "v7")
                        .addToLabels("pod-template-hash", "7d9c8b6f5d")
                        .addToLabels("topology.kubernetes.io/zone", "eu-1a")
                        .addToLabels("topology.kubernetes.io/region", "eu-1")
                        .addNewOwnerReference()
                        .withApiVersion("apps/v1")
                        .withKind("ReplicaSet")
                        .withName("web-7d9c8b6f5d")
                        .withUid("0f6f5a1e-0000-4000-8000-000000000000")
                        .withController(true)
                        .endOwnerReference()
                        .endMetadata()
                        .withNewSpec()
                        .withNodeName("node-1")
                        .withServiceAccountName(serviceAccount)
                        .addNewContainer()
                        .withName("shop")
                        .withImage("shop:7")
                        .endContainer()
                        .addNewContainer()
                        .withName("istio-proxy")
                        .withImage("proxyv2:1.31")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
        if (ip != null) {
            started(pod, ip, startTime);
        }
        return pod.getMetadata().getUid();
    }

    /** Gives a pod other labels than {@link #create} has. */
    void label(String name, Map<String, String> labels) {
        admin.pods()
                .inNamespace("default")
                .withName(name)
                .edit(pod -> new PodBuilder(pod)
                        .editMetadata()
                        .addToLabels(labels)
                        .endMetadata()
                        .build());
    }

    /** As its node says when its containers run. */
    void started(String name, String ip, String startTime) {
        started(admin.pods().inNamespace("default").withName(name).get(), ip, startTime);
    }

    private void started(Pod pod, String ip, String startTime) {
        admin.pods()
                .inNamespace("default")
                .resource(new PodBuilder(pod)
                        .withStatus(new PodStatusBuilder()
                                .withPhase("Running")
                                .withStartTime(startTime)
                                .withHostIP("192.168.0.1")
                                .withPodIP(ip)
                                .addNewPodIP(ip)
                                .build())
                        .build())
                .updateStatus();
    }

    /** As its node says when it has ended, for instance. */
    void phase(String name, String phase) {
        admin.pods()
                .inNamespace("default")
                .withName(name)
                .editStatus(pod -> new PodBuilder(pod)
                        .editStatus()
                        .withPhase(phase)
                        .endStatus()
                        .build());
    }

    /** At once, as its node lets the API do it at the end. */
    void delete(String name) {
        admin.pods().inNamespace("default").withName(name).withGracePeriod(0).delete();
    }

    /** {@code many-0} and so on, each with its {@link #address}. */
    void createMany(int count, String startTime) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<String>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                all.add(threads.submit(() -> create("many-" + number, address(number), startTime)));
            }
            for (Future<String> one : all) {
                one.get();
            }
        }
    }

    /** Of the pod with this number of many. */
    static String address(int number) {
        return "10.2." + number / 250 + "." + (number % 250 + 1);
    }
}
