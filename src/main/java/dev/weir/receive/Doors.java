package dev.weir.receive;

import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.Stage;
import io.vertx.core.Vertx;

/** The two doors, OTLP over gRPC and over HTTP. Opened once, closed once. */
public final class Doors {

    private final DoorCounters grpcCounters = new DoorCounters();
    private final DoorCounters httpCounters = new DoorCounters();

    /**
     * @param config ports, limits and TLS
     * @param vertx whose event loops serve both doors
     * @param budget where requests being received are charged
     * @param ledger counts what was received, refused and rejected
     * @param first takes the requests
     */
    public Doors(ReceiveConfig config, Vertx vertx, MemoryBudget budget, Ledger ledger, Stage first) {}

    /** Listens on both ports, or on none. Blocks; not for an event loop. */
    public void open() throws DoorException {}

    /** The port in use, also when the configured one is 0; -1 while closed. */
    public int grpcPort() {
        return -1;
    }

    /** The port in use, also when the configured one is 0; -1 while closed. */
    public int httpPort() {
        return -1;
    }

    /** Whether both ports are listened on. */
    public boolean isOpen() {
        return false;
    }

    /** Asks senders to connect elsewhere: GOAWAY on HTTP/2, {@code Connection: close} on HTTP/1.1. Intake goes on. */
    public void goAway() {}

    /** From now on requests get UNAVAILABLE or 503, and are told when to try again. */
    public void refuseNew() {}

    /** Closes both ports and, when the calls are answered or the deadline has passed, every connection. Blocks. */
    public void close(Deadline deadline) {}

    public DoorCounters grpc() {
        return grpcCounters;
    }

    public DoorCounters http() {
        return httpCounters;
    }
}
