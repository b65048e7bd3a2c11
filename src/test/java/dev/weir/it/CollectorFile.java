package dev.weir.it;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The Collector as a destination that writes every request to a file before it answers, without a buffer of its own. */
final class CollectorFile {

    private static final String START = "{\"resource";

    private CollectorFile() {}

    /** Port {@code grpc}. */
    static PeerProcess start(Path directory) {
        int port = FreePorts.next();
        // With rotation the exporter writes unbuffered; without it, a second's worth would die with the process.
        return Peers.collector(directory, """
                receivers: { otlp: { protocols: { grpc: { endpoint: "127.0.0.1:%d" } } } }
                exporters: { file: { path: "%s", rotation: { max_megabytes: 4000 } } }
                service:
                  extensions: [health_check]
                  telemetry: { metrics: { level: none } }
                  pipelines:
                    traces: { receivers: [otlp], exporters: [file] }
                    logs: { receivers: [otlp], exporters: [file] }
                """.formatted(port, file(directory)), Map.of("grpc", port));
    }

    /** The spans in the file. What a kill has torn off in the middle was not answered, and is passed over. */
    static SpanTally read(Path directory) {
        SpanTally tally = new SpanTally();
        requests(directory).forEach(request -> addAll(request, tally));
        return tally;
    }

    /** What the log records in the file say. */
    static List<String> logBodies(Path directory) {
        return requests(directory).stream()
                .flatMap(request -> request.findValues("logRecords").stream())
                .flatMap(records -> records.findValues("body").stream())
                .map(body -> body.path("stringValue").asText())
                .toList();
    }

    private static List<JsonNode> requests(Path directory) {
        List<JsonNode> requests = new ArrayList<>();
        for (String request : content(directory).split("\n|(?=\\Q" + START + "\\E(?:Spans|Logs))")) {
            try {
                requests.add(Http.JSON.readTree(request));
            } catch (JsonProcessingException torn) {
                continue;
            }
        }
        return requests;
    }

    private static void addAll(JsonNode request, SpanTally tally) {
        for (JsonNode resource : request.path("resourceSpans")) {
            for (JsonNode scope : resource.path("scopeSpans")) {
                for (JsonNode span : scope.path("spans")) {
                    tally.add(
                            span.path("traceId").asText(),
                            span.path("spanId").asText(),
                            span.path("name").asText());
                }
            }
        }
    }

    private static String content(Path directory) {
        try {
            return Files.readString(file(directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path file(Path directory) {
        return directory.resolve("spans.jsonl");
    }
}
