package dev.weir.enrich.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a pod belongs to, from the pod alone: the owner that controls it, and of that one's name what Kubernetes makes of the
 * owner's owner. So neither ReplicaSets nor Jobs need be watched, nor may be read.
 */
final class Owner {

    private static final String DEPLOYMENT = "k8s.deployment.name";
    private static final String JOB = "k8s.job.name";
    private static final String CRON_JOB = "k8s.cronjob.name";

    private static final Map<String, String> KEYS = Map.of(
            "apps/StatefulSet", "k8s.statefulset.name", "apps/DaemonSet", "k8s.daemonset.name", "batch/Job", JOB);

    /** The time for which the CronJob made it, in minutes since 1970, or in seconds before Kubernetes 1.21. */
    private static final Pattern SCHEDULED = Pattern.compile("(.+)-([0-9]{8,10})");

    /** A Job may start late, and its last pod later; a date in a Job's name (20260131) is decades off. */
    private static final Duration LATEST = Duration.ofDays(30);

    private static final Duration CLOCKS = Duration.ofMinutes(5);
    private static final int DIGITS_OF_SECONDS = 10;

    private Owner() {}

    /**
     * Writes the names that are certain.
     *
     * @param pod as the Kubernetes API gives it
     * @return the workload's name, as a person would say it: the Deployment's, not the ReplicaSet's; null for a pod of its own
     *     or of a kind that is not known here
     */
    static @Nullable String write(JsonNode pod, BiConsumer<String, String> out) {
        JsonNode controller = controller(pod);
        String name = controller.path("name").asText();
        String kind = group(controller.path("apiVersion").asText()) + "/"
                + controller.path("kind").asText();
        if (name.isEmpty()) {
            return null;
        }
        if (kind.equals("apps/ReplicaSet")) {
            String deployment = deployment(
                    name, pod.at("/metadata/labels").path("pod-template-hash").asText());
            if (deployment != null) {
                out.accept(DEPLOYMENT, deployment);
            }
            return deployment == null ? name : deployment;
        }
        String key = KEYS.get(kind);
        if (key == null) {
            return null;
        }
        out.accept(key, name);
        if (!key.equals(JOB)) {
            return name;
        }
        String cronJob = cronJob(name, pod.at("/metadata/creationTimestamp").asText());
        if (cronJob == null) {
            return name;
        }
        out.accept(CRON_JOB, cronJob);
        return cronJob;
    }

    private static JsonNode controller(JsonNode pod) {
        for (JsonNode owner : pod.at("/metadata/ownerReferences")) {
            if (owner.path("controller").asBoolean()) {
                return owner;
            }
        }
        return MissingNode.getInstance();
    }

    /** Null for a ReplicaSet that no Deployment made: those of a Deployment are named for it and their template's hash. */
    private static @Nullable String deployment(String replicaSet, String hash) {
        String suffix = "-" + hash;
        return hash.isEmpty() || !replicaSet.endsWith(suffix) || replicaSet.length() == suffix.length()
                ? null
                : replicaSet.substring(0, replicaSet.length() - suffix.length());
    }

    /** Null for a Job that somebody else made: the number at the end must be a time shortly before the pod's. */
    private static @Nullable String cronJob(String job, String podCreated) {
        Matcher name = SCHEDULED.matcher(job);
        Instant created = Timestamps.parse(podCreated);
        if (created == null || !name.matches()) {
            return null;
        }
        long number = Long.parseLong(name.group(2));
        Instant scheduled = Instant.ofEpochSecond(name.group(2).length() == DIGITS_OF_SECONDS ? number : number * 60);
        boolean plausible = scheduled.isBefore(created.plus(CLOCKS)) && scheduled.isAfter(created.minus(LATEST));
        return plausible ? name.group(1) : null;
    }

    private static String group(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }
}
