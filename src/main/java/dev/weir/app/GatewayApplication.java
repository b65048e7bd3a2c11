package dev.weir.app;

import dev.weir.receive.DoorException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.inject.Inject;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/**
 * Runs the gateway from start to SIGTERM. The signals are handled here, because the platform's own handler would close
 * the admin port first, and readiness must be seen to say no while data is still taken.
 */
public final class GatewayApplication implements QuarkusApplication {

    private static final Logger LOG = Logger.getLogger("weir");
    private static final int CANNOT_LISTEN = 2;
    private static final int DROPPED = 3;
    private static final int KILLED = 143;

    private static volatile ConfigFile.@Nullable Checked checked;

    @Inject
    Gateway gateway;

    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CountDownLatch started = new CountDownLatch(1);

    /**
     * Hands over the configuration that was checked, before the platform starts: what was checked is what runs. The
     * platform's own mapping would be, in a native executable, the one of the build.
     */
    public static void use(ConfigFile.Checked config) {
        checked = config;
    }

    /** Null where no command line has started the application, as in tests. */
    static ConfigFile.@Nullable Checked checkedConfig() {
        return checked;
    }

    @Override
    public int run(String... args) {
        // before the doors open: what is taken between that and a signal is drained too
        Signal.handle(new Signal("TERM"), this::stop);
        Signal.handle(new Signal("INT"), this::stop);
        try {
            gateway.start();
        } catch (DoorException e) {
            LOG.error(e.getMessage());
            return CANNOT_LISTEN;
        }
        started.countDown();
        Quarkus.waitForExit();
        return 0;
    }

    private void stop(Signal signal) {
        if (!stopping.compareAndSet(false, true)) {
            LOG.warnf("a second SIG%s: ending at once", signal.getName());
            Runtime.getRuntime().halt(KILLED);
        }
        if (signal.getName().equals("INT")) {
            gateway.skipDelay(); // somebody at a terminal, not an orchestrator
        }
        Thread.ofPlatform().name("weir-shutdown").start(() -> Quarkus.asyncExit(drain()));
    }

    /** Whatever goes wrong on the way out, the process ends. */
    private int drain() {
        try {
            started.await();
            return gateway.drain();
        } catch (InterruptedException | RuntimeException | Error e) {
            LOG.error("stopping failed", e);
            return DROPPED;
        }
    }
}
