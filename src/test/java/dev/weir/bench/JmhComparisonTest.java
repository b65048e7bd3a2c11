package dev.weir.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JmhComparisonTest {

    @TempDir
    Path directory;

    @Test
    void shouldMarkWhatDiffersByMoreThanTheErrors() throws IOException {
        Path before = results("before.json", 100, 2, 50, 3);
        Path after = results("after.json", 80, 2, 48, 3);

        assertThat(JmhComparison.table(JmhComparison.read(before), JmhComparison.read(after))
                        .lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("ScanBenchmark.scan items=512", "-20.0 % *", "16 → 16 B/op"),
                        line -> assertThat(line)
                                .contains("ScanBenchmark.merge", "-4.0 %")
                                .doesNotContain("*"));
    }

    @Test
    void shouldSayWhenNothingCanBeCompared() throws IOException {
        assertThat(JmhComparison.table(java.util.Map.of(), JmhComparison.read(results("after.json", 1, 1, 1, 1))))
                .contains("no benchmark is in both");
    }

    private Path results(String name, double scan, double scanError, double merge, double mergeError)
            throws IOException {
        return Files.writeString(directory.resolve(name), """
                [ { "benchmark": "dev.weir.otlp.ScanBenchmark.scan", "params": { "items": "512" },
                    "primaryMetric": { "score": %s, "scoreError": %s, "scoreUnit": "ns/op" },
                    "secondaryMetrics": { "gc.alloc.rate.norm": { "score": 16.0 } } },
                  { "benchmark": "dev.weir.otlp.ScanBenchmark.merge",
                    "primaryMetric": { "score": %s, "scoreError": %s, "scoreUnit": "ns/op" } } ]
                """.formatted(scan, scanError, merge, mergeError));
    }
}
