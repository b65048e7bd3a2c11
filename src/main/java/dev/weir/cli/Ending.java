package dev.weir.cli;

import dev.weir.app.ConfigFile;
import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.QuarkusBindException;
import io.smallrye.config.ConfigValidationException;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The last thing a run does: says why, when it could not start, and ends the process. The platform's own words for the
 * admin port that is taken speak of the platform, and its exit code is that of a faulty configuration.
 */
final class Ending implements BiConsumer<Integer, @Nullable Throwable> {

    static final int CANNOT_LISTEN = 2;

    private static final Logger LOG = Logger.getLogger("weir");

    @Override
    public void accept(Integer code, @Nullable Throwable error) {
        int ending = error != null && find(QuarkusBindException.class, error) != null ? CANNOT_LISTEN : code;
        if (error != null) {
            explain(error);
        }
        // In development this is not the end of the process.
        ApplicationLifecycleManager.getDefaultExitCodeHandler().accept(ending, error);
    }

    private static void explain(Throwable error) {
        ConfigValidationException faulty = find(ConfigValidationException.class, error);
        QuarkusBindException taken = find(QuarkusBindException.class, error);
        if (faulty != null) {
            FaultReport.print(null, ConfigFile.faults(faulty));
        } else if (taken != null) {
            Throwable reason = taken.getCause() == null ? taken : taken.getCause();
            LOG.errorf(
                    "cannot listen on %s:%d (quarkus.http.port): %s",
                    taken.getHost(), taken.getPort(), reason.getMessage());
        } else {
            LOG.error("cannot start", error);
        }
    }

    private static <T extends Throwable> @Nullable T find(Class<T> type, Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}
