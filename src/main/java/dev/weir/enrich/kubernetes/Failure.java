package dev.weir.enrich.kubernetes;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What went wrong with the API server, in a line. */
final class Failure {

    private static final int MOST_CAUSES = 16;

    private Failure() {}

    /** What the API server said, if it said something; else the first cause. */
    static String text(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; i < MOST_CAUSES; i++) {
            if (cause instanceof KubernetesClientException answer && said(answer.getStatus())) {
                return answer.getCode() + " " + answer.getStatus().getMessage();
            }
            Throwable next = cause.getCause();
            if (next == null || next == cause) {
                break;
            }
            cause = next;
        }
        String message = cause.getMessage();
        return message == null || cause instanceof CompletionException
                ? cause.getClass().getSimpleName()
                : message;
    }

    private static boolean said(@Nullable Status status) {
        return status != null && status.getMessage() != null;
    }
}
