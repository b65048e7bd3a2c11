package dev.weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table says of every field what the generated classes' descriptors say. */
class JsonSchemaInteropTest {

    static Stream<Descriptor> descriptors() {
        Set<Descriptor> all = new LinkedHashSet<>();
        collect(ExportTraceServiceRequest.getDescriptor(), all);
        collect(ExportMetricsServiceRequest.getDescriptor(), all);
        collect(ExportLogsServiceRequest.getDescriptor(), all);
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("descriptors")
    void everyFieldIsAsGenerated(Descriptor descriptor) {
        JsonMessage message = JsonSchema.message(descriptor.getName());

        assertThat(message.fields()).hasSameSizeAs(descriptor.getFields());
        for (FieldDescriptor expected : descriptor.getFields()) {
            JsonField field = message.find(expected.getNumber());
            assertThat(field).as(expected.getFullName()).isNotNull();
            assertThat(field).isSameAs(message.find(expected.getJsonName())).isSameAs(message.find(expected.getName()));
            assertThat(field.name()).isEqualTo(expected.getJsonName());
            assertThat(field.kind()).as(expected.getFullName()).isEqualTo(kind(expected));
            assertThat(field.isRepeated()).as(expected.getFullName()).isEqualTo(expected.isRepeated());
            assertThat(field.isPacked()).as(expected.getFullName()).isEqualTo(expected.isPacked());
            assertThat(field.hasPresence()).as(expected.getFullName()).isEqualTo(expected.hasPresence());
            assertThat(field.isInOneof())
                    .as(expected.getFullName())
                    .isEqualTo(expected.getRealContainingOneof() != null);
            assertThat(field.ordinal()).isLessThan(Long.SIZE);
            if (expected.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                assertThat(field.message().name())
                        .isEqualTo(expected.getMessageType().getName());
            }
            if (expected.getJavaType() == FieldDescriptor.JavaType.ENUM) {
                assertThat(field.enumNames().names())
                        .containsExactlyElementsOf(expected.getEnumType().getValues().stream()
                                .map(EnumValueDescriptor::getName)
                                .toList());
                assertThat(expected.getEnumType().getValues())
                        .allSatisfy(v -> assertThat(v.getNumber()).isEqualTo(v.getIndex()));
            }
        }
    }

    private static JsonField.Kind kind(FieldDescriptor field) {
        boolean isId =
                field.getType() == FieldDescriptor.Type.BYTES && field.getName().endsWith("_id");
        return isId ? JsonField.Kind.ID : JsonField.Kind.valueOf(field.getType().name());
    }

    private static void collect(Descriptor descriptor, Set<Descriptor> into) {
        if (into.add(descriptor)) {
            descriptor.getFields().stream()
                    .filter(f -> f.getJavaType() == FieldDescriptor.JavaType.MESSAGE)
                    .forEach(f -> collect(f.getMessageType(), into));
        }
    }
}
