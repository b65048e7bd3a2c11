package dev.weir.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.app.RunningGateway;
import dev.weir.enrich.senders.Senders;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Signal;
import dev.weir.receive.Doors;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The table of metrics in docs/operations.md lists each one that the application exports, no other, and its labels. */
@QuarkusTest
@TestProfile(AdminProfile.Tail.class)
class DocsTest {

    private static final Pattern ROW = Pattern.compile("^\\| `(weir_\\w+)` \\| ([^|]*)\\|", Pattern.MULTILINE);
    private static final Pattern SERIES = Pattern.compile("^(weir_\\w+?)(?:_count|_sum)?(?:\\{(.*)})? \\S+$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\"");

    @Inject
    RunningGateway gateway;

    @Inject
    Doors doors;

    @Inject
    Ledger ledger;

    @Inject
    Senders senders;

    /** What occurs first brings a label with it: each kind occurs once. */
    @BeforeEach
    void shouldHaveMetOneOfEachKind() {
        gateway.start();
        Sender sender = new Sender(doors);
        sender.span("docs", "kept, and dropped for one destination", "000000000000000000000000000000d1", 1, 2);
        sender.span("docs", "rejected", Sender.NO_TRACE_ID, 1, 0);
        sender.post("/v1/traces", "{ this is refused").then().statusCode(400);
        sender.log(); // dropped for want of a destination
        ledger.received(Signal.TRACES, 1);
        ledger.sampledOut(Signal.TRACES, "ratio", 1);
        senders.outcome("verified");
        ledger.irregular(Signal.TRACES, "th_unwritable", 1);
        await().until(() -> exported().containsKey("weir_export_dropped_items_total"));
    }

    @Test
    void shouldDocumentEveryMetricAndNoOther() throws Exception {
        assertThat(documented().keySet()).isEqualTo(exported().keySet());
    }

    @Test
    void shouldDocumentTheLabelsOfEveryMetric() throws Exception {
        assertThat(documented()).isEqualTo(exported());
    }

    /** Labels by metric. */
    private static Map<String, Set<String>> documented() throws Exception {
        Map<String, Set<String>> metrics = new TreeMap<>();
        ROW.matcher(Files.readString(Path.of("docs/operations.md")))
                .results()
                .forEach(row -> assertThat(metrics.put(row.group(1), labels(row.group(2))))
                        .as(row.group(1) + " once")
                        .isNull());
        return metrics;
    }

    private static Set<String> labels(String cell) {
        return Arrays.stream(cell.replace("`", "").split(","))
                .map(String::strip)
                .filter(label -> !label.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, Set<String>> exported() {
        Map<String, Set<String>> metrics = new TreeMap<>();
        for (String line : given().get("/q/metrics").asString().split("\n")) {
            var series = SERIES.matcher(line);
            if (series.matches()) {
                Set<String> labels = metrics.computeIfAbsent(series.group(1), name -> new TreeSet<>());
                if (series.group(2) != null) {
                    LABEL.matcher(series.group(2)).results().forEach(label -> labels.add(label.group(1)));
                }
            }
        }
        return metrics;
    }
}
