package dev.weir.otlp;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The names of OTLP's enums. OTLP JSON wants the numbers; generic protobuf libraries write the names, which are taken too.
 * Each enum counts from 0 without a gap, so that a name's number is its place.
 */
enum JsonEnum {
    SpanKind("SPAN_KIND_", "UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"),
    StatusCode("STATUS_CODE_", "UNSET", "OK", "ERROR"),
    AggregationTemporality("AGGREGATION_TEMPORALITY_", "UNSPECIFIED", "DELTA", "CUMULATIVE"),
    SeverityNumber(
            "SEVERITY_NUMBER_",
            "UNSPECIFIED",
            "TRACE",
            "TRACE2",
            "TRACE3",
            "TRACE4",
            "DEBUG",
            "DEBUG2",
            "DEBUG3",
            "DEBUG4",
            "INFO",
            "INFO2",
            "INFO3",
            "INFO4",
            "WARN",
            "WARN2",
            "WARN3",
            "WARN4",
            "ERROR",
            "ERROR2",
            "ERROR3",
            "ERROR4",
            "FATAL",
            "FATAL2",
            "FATAL3",
            "FATAL4");

    private static final int LONGEST = 64;

    private final List<String> names;

    JsonEnum(String prefix, String... names) {
        this.names = List.of(names).stream().map(prefix::concat).toList();
    }

    static @Nullable JsonEnum named(String name) {
        for (JsonEnum e : values()) {
            if (e.name().equals(name)) {
                return e;
            }
        }
        return null;
    }

    List<String> names() {
        return names;
    }

    /** The number of the name in these bytes, or −1. */
    int number(byte[] text, int from, int to) {
        return to - from > LONGEST ? -1 : names.indexOf(new String(text, from, to - from, StandardCharsets.UTF_8));
    }
}
