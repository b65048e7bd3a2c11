package dev.weir.enrich.identity;

import static dev.weir.enrich.identity.ForwardedClientCertTest.CART;
import static dev.weir.enrich.identity.ForwardedClientCertTest.OURS;
import static dev.weir.enrich.identity.ForwardedClientCertTest.WAYPOINT;
import static dev.weir.enrich.identity.ForwardedClientCertTest.WEIR;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.weir.pipeline.Sender;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Nanoseconds a request that it takes to say who sent it. Each request's header is a text of its own, as it is at the doors. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CallersBenchmark {

    private static final String XFCC = "x-forwarded-client-cert";

    /** Of the header: that of a sidecar, or of a sidecar behind another. */
    @Param({"1", "2"})
    public int elements;

    private final Callers callers = new Callers(new Trust(Trust.Mesh.ISTIO, WEIR, Set.of(WAYPOINT), Set.of()));
    private final ForwardedClientCert reader = new ForwardedClientCert(Set.of(WEIR));
    private final Sender direct = new Sender(Sender.Protocol.GRPC, CART, "10.0.0.1:1", 1);
    private final Sender behindSidecar = new Sender(Sender.Protocol.GRPC, null, "127.0.0.6:1", 2);
    private String header = "";
    private byte[] bytes = new byte[0];

    @Setup
    public void prepare() {
        header = (OURS + ",").repeat(elements - 1) + OURS;
        bytes = header.getBytes(ISO_8859_1);
    }

    /** The text and the sender that hold the header, which are made at the doors. */
    @Benchmark
    public Sender base() {
        return sender();
    }

    /** The same, and who it is. */
    @Benchmark
    public Caller known() {
        return callers.of(sender());
    }

    /** The header read again. */
    @Benchmark
    public Caller read() {
        return reader.read(header);
    }

    @Benchmark
    public Caller byCertificate() {
        return callers.of(direct);
    }

    private Sender sender() {
        return behindSidecar.withHeaders(Map.of(XFCC, new String(bytes, ISO_8859_1)));
    }
}
