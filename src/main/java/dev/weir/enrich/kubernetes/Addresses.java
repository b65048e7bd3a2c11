package dev.weir.enrich.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that are a pod's own, and for how long they certainly are.
 *
 * @param ips as the API writes them; none before the pod has one, on the host's network, and once the pod has ended
 * @param since from when what was sent from there was this pod's, in nanoseconds since 1970
 * @param until until when: the moment at which the pod was told to end, else {@link Long#MAX_VALUE}
 */
record Addresses(List<String> ips, long since, long until) {

    static final Addresses NONE = new Addresses(List.of(), Long.MAX_VALUE, Long.MIN_VALUE);

    /** Whoever makes a pod may write any number. */
    private static final long LONGEST_GRACE_SECONDS = TimeUnit.DAYS.toSeconds(365);

    /** Kubernetes gives a pod one of each family. */
    private static final int MOST = 2;

    static Addresses of(JsonNode pod) {
        JsonNode status = pod.path("status");
        String phase = status.path("phase").asText();
        if (phase.equals("Succeeded")
                || phase.equals("Failed")
                || pod.at("/spec/hostNetwork").asBoolean()) {
            return NONE;
        }
        List<String> ips = ips(status);
        Instant since = since(status);
        return ips.isEmpty() || since == null
                ? NONE
                // Times are cut to the second: only with the next one is it over with who had the address before.
                : new Addresses(ips, nanos(since.plusSeconds(1)), until(pod.path("metadata")));
    }

    private static List<String> ips(JsonNode status) {
        List<String> ips = new ArrayList<>(MOST);
        add(ips, status.path("podIP"), status);
        for (JsonNode entry : status.path("podIPs")) {
            add(ips, entry.path("ip"), status);
        }
        return List.copyOf(ips);
    }

    private static void add(List<String> ips, JsonNode ip, JsonNode status) {
        String text = ip.asText();
        if (!text.isEmpty() && ips.size() < MOST && !ips.contains(text) && !isOfHost(text, status)) {
            ips.add(text);
        }
    }

    private static boolean isOfHost(String ip, JsonNode status) {
        if (ip.equals(status.path("hostIP").asText())) {
            return true;
        }
        for (JsonNode host : status.path("hostIPs")) {
            if (ip.equals(host.path("ip").asText())) {
                return true;
            }
        }
        return false;
    }

    /**
     * The pod's start is when its node took it up, and it has its address only later, when its sandbox is there; by the time its
     * first container starts it has. Null when that is still to come.
     */
    private static @Nullable Instant since(JsonNode status) {
        Instant since = Timestamps.parse(status.path("startTime").asText());
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().equals("PodReadyToStartContainers")) {
                Instant ready =
                        Timestamps.parse(condition.path("lastTransitionTime").asText());
                return condition.path("status").asText().equals("True") ? later(since, ready) : null;
            }
        }
        boolean unreported = status.path("containerStatuses").isEmpty()
                && status.path("initContainerStatuses").isEmpty();
        if (unreported) {
            return since;
        }
        Instant first =
                earliest(earliest(null, status.path("initContainerStatuses")), status.path("containerStatuses"));
        return first == null ? null : later(since, first);
    }

    private static @Nullable Instant earliest(@Nullable Instant known, JsonNode containers) {
        Instant earliest = known;
        for (JsonNode container : containers) {
            JsonNode state = container.path("state");
            Instant started = Timestamps.parse(state.path("running")
                    .path("startedAt")
                    .asText(state.path("terminated").path("startedAt").asText()));
            if (started != null && (earliest == null || started.isBefore(earliest))) {
                earliest = started;
            }
        }
        return earliest;
    }

    private static @Nullable Instant later(@Nullable Instant a, @Nullable Instant b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.isAfter(b) ? a : b;
    }

    /** The API writes by when the pod has to be gone; from when it was told on, the address may be given to another. */
    private static long until(JsonNode metadata) {
        Instant gone = Timestamps.parse(metadata.path("deletionTimestamp").asText());
        return gone == null
                ? Long.MAX_VALUE
                : nanos(gone.minusSeconds(
                        Math.clamp(metadata.path("deletionGracePeriodSeconds").asLong(), 0, LONGEST_GRACE_SECONDS)));
    }

    private static long nanos(Instant time) {
        return TimeUnit.SECONDS.toNanos(time.getEpochSecond());
    }
}
