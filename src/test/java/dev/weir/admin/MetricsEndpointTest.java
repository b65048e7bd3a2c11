package dev.weir.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.app.RunningGateway;
import dev.weir.receive.Doors;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code /q/metrics}: what it counts, names and units, and that no sender can make up series. */
@QuarkusTest
@TestProfile(AdminProfile.class)
class MetricsEndpointTest {

    private static final Pattern UNIT = Pattern.compile(
            "(items|requests|connections|bytes|traces|seconds|attempts|retries|keys|reloads|senders|mismatches|pods|syncs|failures|events)(_total|_count|_sum)?$");
    private static final Set<String> WITHOUT_UNIT =
            Set.of("weir_build_info", "weir_export_failing", "weir_config_faulty", "weir_kubernetes_watch");

    @Inject
    RunningGateway gateway;

    @Inject
    Doors doors;

    @BeforeEach
    void shouldBeRunning() {
        gateway.start();
    }

    @Test
    void shouldCountWhatWasTaken() {
        String received = "weir_received_items_total{signal=\"traces\"} ";
        double before = value(received);

        new Sender(doors).span("metrics", "one", "000000000000000000000000000000e1", 1, 0);

        await().untilAsserted(() -> assertThat(value(received)).isEqualTo(before + 1));
    }

    @Test
    void shouldShowAReasonInTheScrapeAfterItFirstOccurs() {
        new Sender(doors).post("/v1/traces", "{ no json").then().statusCode(400);

        assertThat(value("weir_receive_refused_requests_total{reason=\"invalid\",signal=\"traces\"} "))
                .isPositive();
        assertThat(value("weir_receive_requests_total{door=\"http\",outcome=\"invalid\"} "))
                .isPositive();
    }

    @Test
    void shouldEndEveryNameWithItsUnit() {
        assertThat(series().stream().map(line -> line.replaceAll("[{ ].*", "")).distinct())
                .hasSizeGreaterThan(25)
                .filteredOn(name -> !WITHOUT_UNIT.contains(name))
                .allMatch(name ->
                        UNIT.matcher(name.substring(name.indexOf('_') + 1)).find());
    }

    @Test
    void shouldDescribeEveryMetric() {
        String scrape = given().get("/q/metrics").asString();

        assertThat(scrape.lines().filter(line -> line.startsWith("# TYPE weir_")))
                .hasSizeGreaterThan(20)
                .allSatisfy(
                        type -> assertThat(scrape).containsPattern("# HELP " + type.split(" ")[2] + " [A-Z0-9]\\w*"));
    }

    @Test
    void shouldNotMakeSeriesOfWhatSendersSay() {
        // Given
        Sender sender = new Sender(doors);
        sender.span("metrics", "before", "000000000000000000000000000000e2", 1, 0);
        sender.post("/v1/before", "{}");
        await().until(() -> series().stream().anyMatch(line -> line.startsWith("weir_export_dropped_items_total")));
        List<String> before = names();

        // When
        for (int i = 0; i < 20; i++) {
            sender.span("made-up-" + i, "span-" + i, "000000000000000000000000000000e3", 1, 0);
            sender.post("/v1/made-up-" + i, "{}");
        }

        // Then
        assertThat(names()).isEqualTo(before).noneMatch(name -> name.contains("made-up"));
    }

    private static List<String> names() {
        return series().stream()
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .sorted()
                .toList();
    }

    private static List<String> series() {
        return given().get("/q/metrics")
                .then()
                .statusCode(200)
                .extract()
                .asString()
                .lines()
                .filter(line -> line.startsWith("weir_"))
                .toList();
    }

    private static double value(String series) {
        return series().stream()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
                .sum();
    }
}
