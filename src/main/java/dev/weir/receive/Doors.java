package dev.weir.receive;

import dev.weir.otlp.AttributeSieve;
import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Hop;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.SlowSteps;
import dev.weir.pipeline.Stage;
import dev.weir.tls.TlsConfig;
import dev.weir.tls.TlsFiles;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.net.BindException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The two doors, OTLP over gRPC and over HTTP. Opened once, closed once. */
public final class Doors {

    private static final Duration MOST_CLOSING = Duration.ofSeconds(5);
    /** Of those that are refused because they still waited. */
    private static final Duration FOR_LAST_ANSWERS = Duration.ofMillis(500);

    private static final Duration FOR_CONNECTIONS = Duration.ofSeconds(1);

    private final ReceiveConfig config;
    private final Intake intake;
    private final GrpcDoor grpcDoor;
    private final HttpDoor httpDoor;
    private final DoorCounters grpcCounters = new DoorCounters();
    private final DoorCounters httpCounters = new DoorCounters();
    private volatile boolean open;

    /**
     * @param config ports, limits and TLS
     * @param vertx whose event loops serve both doors
     * @param budget where requests being received are charged
     * @param ledger counts what was received, refused and rejected
     * @param first takes the requests
     * @param slowSteps is told of messages that took long to decode
     * @param hop the mark of requests that came from here, which are refused
     * @param headers names of the request headers that a later stage reads, of letters, digits and {@code -_.}
     * @param sieve tells payloads that are {@linkplain dev.weir.pipeline.Payload#plain plain}; null when no stage asks
     */
    public Doors(
            ReceiveConfig config,
            Vertx vertx,
            MemoryBudget budget,
            Ledger ledger,
            Stage first,
            SlowSteps slowSteps,
            Hop hop,
            Set<String> headers,
            @Nullable AttributeSieve sieve) {
        this.config = config;
        Admission admission = new Admission(budget, System::nanoTime);
        this.intake = new Intake(admission, ledger, first, config.answerWithin(), slowSteps, hop, sieve);
        Watches watches = new Watches();
        WantedHeaders wanted = new WantedHeaders(headers);
        AtomicLong numbers = new AtomicLong();
        VertxInternal internal = (VertxInternal) vertx;
        grpcDoor = new GrpcDoor(config.grpc(), internal, intake, watches, grpcCounters, numbers, wanted);
        httpDoor = new HttpDoor(config.http(), internal, intake, watches, httpCounters, numbers, wanted);
    }

    /** Listens on both ports, or on none. Blocks; not for an event loop. */
    public void open() throws DoorException {
        validate(config.grpc().tls(), "weir.receive.grpc.tls.");
        validate(config.http().tls(), "weir.receive.http.tls.");
        try {
            grpcDoor.open();
        } catch (Exception e) {
            throw cannotListen(config.grpc().host(), config.grpc().port(), "weir.receive.grpc.port", e);
        }
        try {
            httpDoor.open();
        } catch (Exception e) {
            grpcDoor.close(new Deadline(System.nanoTime()));
            httpDoor.close(Deadline.in(FOR_CONNECTIONS));
            throw cannotListen(config.http().host(), config.http().port(), "weir.receive.http.port", e);
        }
        open = true;
    }

    /** The port in use, also when the configured one is 0; -1 while closed. */
    public int grpcPort() {
        return open ? grpcDoor.port() : -1;
    }

    /** The port in use, also when the configured one is 0; -1 while closed. */
    public int httpPort() {
        return open ? httpDoor.port() : -1;
    }

    /** Whether both ports are listened on. */
    public boolean isOpen() {
        return open;
    }

    /** Asks senders to connect elsewhere: GOAWAY on HTTP/2, {@code Connection: close} on HTTP/1.1. Intake goes on. */
    public void goAway() {
        grpcDoor.goAway();
        httpDoor.goAway();
    }

    /** From now on requests get UNAVAILABLE or 503, and are told when to try again. */
    public void refuseNew() {
        intake.refuseNew();
    }

    /**
     * Closes both ports and every connection: when the requests are answered, but not later than the deadline and 5 s. What
     * then still waits to be decoded is refused. Blocks for so long and two seconds at most.
     */
    public void close(Deadline deadline) {
        open = false;
        intake.refuseNew();
        awaitAnswers(earlier(deadline, Deadline.in(MOST_CLOSING)));
        intake.close();
        awaitAnswers(Deadline.in(FOR_LAST_ANSWERS));
        // Both at once, so that what one still has to do is not taken from the other's time.
        Deadline closed = Deadline.in(FOR_CONNECTIONS);
        grpcDoor.shutdown();
        httpDoor.close(closed);
        grpcDoor.close(closed);
    }

    private void awaitAnswers(Deadline deadline) {
        while (intake.inFlight() > 0 && !deadline.isOver()) {
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static Deadline earlier(Deadline one, Deadline other) {
        return one.nanoTime() - other.nanoTime() < 0 ? one : other;
    }

    public DoorCounters grpc() {
        return grpcCounters;
    }

    public DoorCounters http() {
        return httpCounters;
    }

    private static void validate(TlsConfig tls, String prefix) throws DoorException {
        if (!TlsFiles.isOnAtDoor(tls)) {
            return;
        }
        try {
            TlsFiles.forServer(tls).close();
        } catch (IllegalArgumentException e) {
            throw new DoorException(prefix + e.getMessage(), e);
        }
    }

    private static DoorException cannotListen(String host, int port, String key, Exception error) {
        Throwable root = error;
        while (root.getCause() != null && !(root instanceof BindException)) {
            root = root.getCause();
        }
        if (error instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        String reason = root.getMessage() == null ? root.toString() : root.getMessage();
        return new DoorException("cannot listen on " + host + ":" + port + " (" + key + "): " + reason, error);
    }
}
