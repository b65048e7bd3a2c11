package dev.weir.app;

import dev.weir.pipeline.Lifecycle;
import dev.weir.receive.DoorException;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;

/**
 * The gateway of an application that a test started. The platform's tests start everything but the program itself, so
 * that the doors are still closed; this opens and closes them as the program does.
 */
@Singleton
public class RunningGateway {

    private final Gateway gateway;

    RunningGateway(Gateway gateway) {
        this.gateway = gateway;
    }

    /** Opens the doors, unless they were opened before. */
    public synchronized void start() {
        if (gateway.state() == Lifecycle.State.STARTING) {
            try {
                gateway.start();
            } catch (DoorException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** As SIGTERM does; the future has the exit code. */
    public CompletableFuture<Integer> drain() {
        return CompletableFuture.supplyAsync(gateway::drain);
    }

    /** Ends the time in which a draining gateway still takes data. */
    public void skipDelay() {
        gateway.skipDelay();
    }

    @PreDestroy
    void stop() {
        if (gateway.state() == Lifecycle.State.RUNNING) {
            gateway.skipDelay();
            gateway.drain();
        }
    }
}
