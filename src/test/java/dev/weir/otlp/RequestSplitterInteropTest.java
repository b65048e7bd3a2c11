package dev.weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RequestSplitterInteropTest {

    @ParameterizedTest
    @EnumSource
    void shouldKeepEveryItemAndTheLimit(RequestType type) throws OtlpFormatException {
        RequestScanner scanner = new RequestScanner();
        for (int seed = 0; seed < 300; seed++) {
            Message request = new GeneratedRequests(seed).request(type);
            byte[] bytes = request.toByteArray();
            int maxBytes = 1 + new Random(seed).nextInt(bytes.length + 2);

            List<RequestSplitter.Part> parts = RequestSplitter.split(type, bytes, maxBytes);

            int items = 0;
            List<Flat> flat = new ArrayList<>();
            for (RequestSplitter.Part part : parts) {
                assertThat(scanner.scan(type, part.bytes())).isEqualTo(part.items());
                GeneratedRequests.parse(type, part.bytes());
                items += part.items();
                List<Flat> inPart = Flat.of(part.bytes());
                flat.addAll(inPart);
                if (part.bytes().length > maxBytes) {
                    assertThat(inPart)
                            .as("seed %d: alone if over %d", seed, maxBytes)
                            .hasSize(1);
                }
            }
            assertThat(items).as("seed %d", seed).isEqualTo(GeneratedRequests.items(type, request));
            if (type != RequestType.METRICS) {
                assertThat(Flat.byGroup(flat)).as("seed %d", seed).isEqualTo(Flat.byGroup(Flat.of(bytes)));
            }
        }
    }

    @Test
    void shouldPassOnWhatFits() {
        byte[] request = Wrap.span(new byte[10]);

        assertThat(RequestSplitter.split(RequestType.LOGS, request, request.length))
                .singleElement()
                .satisfies(part -> {
                    assertThat(part.bytes()).isSameAs(request);
                    assertThat(part.items()).isEqualTo(1);
                });
    }

    @Test
    void shouldFillParts() {
        byte[] item = Wrap.field(2, new byte[98]);
        byte[] scope = new byte[100 * item.length];
        for (int i = 0; i < 100; i++) {
            System.arraycopy(item, 0, scope, i * item.length, item.length);
        }
        byte[] request = Wrap.field(1, Wrap.field(2, scope));
        int maxBytes = 10 * 100 + 6 /* two tags, two lengths of two bytes */;

        List<RequestSplitter.Part> parts = RequestSplitter.split(RequestType.TRACES, request, maxBytes);

        assertThat(parts).hasSize(10).allSatisfy(part -> {
            assertThat(part.bytes()).hasSize(maxBytes);
            assertThat(part.items()).isEqualTo(10);
        });
        assertThat(RequestSplitter.splitBytes(RequestType.TRACES, request, maxBytes))
                .isEqualTo(10L * maxBytes);
    }

    @Test
    void shouldCutMetricBetweenItsPoints() throws Exception {
        Sum.Builder sum = Sum.newBuilder()
                .setIsMonotonic(true)
                .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA);
        for (int i = 0; i < 1000; i++) {
            sum.addDataPoints(NumberDataPoint.newBuilder().setAsInt(i).setTimeUnixNano(i));
        }
        Metric metric =
                Metric.newBuilder().setName("requests").setUnit("1").setSum(sum).build();
        byte[] request = ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(ResourceMetrics.newBuilder()
                        .setSchemaUrl("url")
                        .addScopeMetrics(ScopeMetrics.newBuilder().addMetrics(metric)))
                .build()
                .toByteArray();

        List<RequestSplitter.Part> parts = RequestSplitter.split(RequestType.METRICS, request, 1000);

        Sum.Builder together = sum.clone().clearDataPoints();
        for (RequestSplitter.Part part : parts) {
            assertThat(part.bytes().length).isLessThanOrEqualTo(1000);
            ResourceMetrics resource =
                    ExportMetricsServiceRequest.parseFrom(part.bytes()).getResourceMetrics(0);
            assertThat(resource.getSchemaUrl()).isEqualTo("url");
            Metric piece = resource.getScopeMetrics(0).getMetrics(0);
            assertThat(piece.toBuilder().clearSum().build())
                    .isEqualTo(metric.toBuilder().clearSum().build());
            assertThat(piece.getSum().toBuilder().clearDataPoints().build())
                    .isEqualTo(sum.clone().clearDataPoints().build());
            assertThat(piece.getSum().getDataPointsCount()).isEqualTo(part.items());
            together.addAllDataPoints(piece.getSum().getDataPointsList());
        }
        assertThat(parts).hasSizeBetween(20, 26);
        assertThat(together.build()).isEqualTo(sum.build());
    }
}
