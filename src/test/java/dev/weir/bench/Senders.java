package dev.weir.bench;

import dev.weir.pipeline.Signal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All connections of a block to its gateway, and what was answered on them. */
final class Senders implements Answers {

    private final List<Sender> connections = new ArrayList<>();
    private final Traffic traffic;
    private final Samples delays = new Samples();
    private long answered;
    private long refused;
    private long requests;
    private String lastRefusal = "";

    Senders(Loop loop, Load load, Traffic traffic, int port, Map<String, String> headers) throws IOException {
        this.traffic = traffic;
        Signal signal = traffic.signal();
        for (int i = 0; i < load.connections(); i++) {
            connections.add(
                    load.protocol() == Load.Protocol.GRPC
                            ? new GrpcSender(loop, port, signal, load.gzip(), headers, this)
                            : new HttpSender(loop, port, signal, load.gzip(), headers, this));
        }
    }

    void send(Request request) throws IOException {
        requests++;
        Sender sender = connections.get((int) (request.number % connections.size()));
        if (sender instanceof HttpSender) {
            sender = connections.stream()
                    .min(Comparator.comparingInt(http -> ((HttpSender) http).backlog()))
                    .orElseThrow();
        }
        sender.send(request);
    }

    @Override
    public void answered(Request request, @Nullable String refusal) {
        delays.add(System.nanoTime() - request.due);
        answered++;
        if (refusal != null) {
            refused += request.items;
            lastRefusal = refusal;
        }
        traffic.done(request);
    }

    /** Requests that were not answered yet. */
    long underWay() {
        return requests - answered;
    }

    long requests() {
        return requests;
    }

    /** Items. */
    long refused() {
        return refused;
    }

    /** Empty when there was none. */
    String lastRefusal() {
        return lastRefusal;
    }

    /** From when a request was due until it was answered. */
    Samples delays() {
        return delays;
    }

    void close() throws IOException {
        for (Sender sender : connections) {
            sender.close();
        }
    }
}
