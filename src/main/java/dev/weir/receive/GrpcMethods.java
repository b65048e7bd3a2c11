package dev.weir.receive;

import dev.weir.pipeline.Signal;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The three Export methods, with requests and responses as bytes (opentelemetry-proto, {@code collector/}). */
final class GrpcMethods {

    private GrpcMethods() {}

    static List<ServerServiceDefinition> services(Function<Signal, ServerCallHandler<InputStream, byte[]>> handler) {
        List<ServerServiceDefinition> services = new ArrayList<>();
        for (Signal signal : Signal.values()) {
            String service = switch (signal) {
                case TRACES -> "opentelemetry.proto.collector.trace.v1.TraceService";
                case METRICS -> "opentelemetry.proto.collector.metrics.v1.MetricsService";
                case LOGS -> "opentelemetry.proto.collector.logs.v1.LogsService";
            };
            MethodDescriptor<InputStream, byte[]> method = MethodDescriptor.<InputStream, byte[]>newBuilder()
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName(MethodDescriptor.generateFullMethodName(service, "Export"))
                    .setRequestMarshaller(new Requests())
                    .setResponseMarshaller(new Responses())
                    .build();
            services.add(ServerServiceDefinition.builder(service)
                    .addMethod(method, handler.apply(signal))
                    .build());
        }
        return services;
    }

    /** Hands the stream on as it is: it is read where its errors can be answered. */
    private static final class Requests implements MethodDescriptor.Marshaller<InputStream> {
        @Override
        public InputStream stream(InputStream value) {
            return value;
        }

        @Override
        public InputStream parse(InputStream stream) {
            return stream;
        }
    }

    private static final class Responses implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new Bytes(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            throw new UnsupportedOperationException("responses are only sent");
        }
    }

    private static final class Bytes extends ByteArrayInputStream implements KnownLength {
        Bytes(byte[] bytes) {
            super(bytes);
        }
    }
}
