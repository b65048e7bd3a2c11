package dev.weir.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.export.store.TraceStore;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Signal;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of metrics in docs/operations.md lists what is registered. Exporters and doors have their own tests. */
final class DocsTest {

    @Test
    void shouldDocumentEveryMetricOfTheLedgerMemoryAndStore() throws Exception {
        // Given
        Ledger ledger = new Ledger();
        ledger.sampledOut(Signal.TRACES, "p", 1);
        ledger.dropped(Signal.TRACES, "r", 1);
        ledger.rejected(Signal.TRACES, "r", 1);
        ledger.refused(Signal.TRACES, Refusal.Reason.MEMORY, 1);
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

        // When
        new PipelineMeters(ledger).bindTo(registry);
        new ProcessMeters(
                        new MemoryBudget(100, 1, 1, 1),
                        Optional.of(new TraceStore(1 << 20, ledger)),
                        new BuildInfo("1", "c", "t", "jvm"))
                .bindTo(registry);
        Set<String> registered = Pattern.compile("^(weir_\\w+)[ {]", Pattern.MULTILINE)
                .matcher(registry.scrape())
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());

        // Then
        Set<String> documented = Pattern.compile("^\\| `(weir_\\w+)`", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("docs/operations.md")))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
        assertThat(documented).containsAll(registered);
        documented.removeIf(name -> name.startsWith("weir_export_")
                || name.equals("weir_receive_connections")
                || name.equals("weir_receive_refused_connections_total")
                || name.equals("weir_receive_bytes_total")
                || name.equals("weir_receive_requests_total"));
        assertThat(registered).isEqualTo(documented);
    }
}
