package dev.weir.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.rpc.RetryInfo;
import dev.weir.pipeline.Signal;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Export calls with bytes in and out. */
final class GrpcCalls {

    private GrpcCalls() {}

    static MethodDescriptor<byte[], byte[]> method(Signal signal) {
        String service = switch (signal) {
            case TRACES -> "opentelemetry.proto.collector.trace.v1.TraceService";
            case METRICS -> "opentelemetry.proto.collector.metrics.v1.MetricsService";
            case LOGS -> "opentelemetry.proto.collector.logs.v1.LogsService";
        };
        return method(service + "/Export");
    }

    static MethodDescriptor<byte[], byte[]> method(String name) {
        return MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(name)
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Bytes())
                .build();
    }

    static byte[] export(Channel channel, Signal signal, byte[] request) {
        return export(channel, method(signal), request, new Metadata());
    }

    /** @throws StatusRuntimeException when the answer is not OK */
    static byte[] export(Channel channel, MethodDescriptor<byte[], byte[]> method, byte[] request, Metadata headers) {
        Answer answer = new Answer();
        ClientCall<byte[], byte[]> call = channel.newCall(method, CallOptions.DEFAULT);
        call.start(answer, headers);
        call.request(2);
        call.sendMessage(request);
        call.halfClose();
        return answer.get();
    }

    /** Begins an Export of traces; without its end when it is not whole. */
    static Answer start(Channel channel, byte[] request, boolean whole) {
        Answer answer = new Answer();
        ClientCall<byte[], byte[]> call = channel.newCall(method(Signal.TRACES), CallOptions.DEFAULT);
        call.start(answer, new Metadata());
        call.request(2);
        call.sendMessage(request);
        if (whole) {
            call.halfClose();
        }
        return answer;
    }

    /** The code that a call fails with. */
    static Status.Code fails(ThrowingCallable call) {
        StatusRuntimeException e = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(e).as("a failed call").isNotNull();
        return e.getStatus().getCode();
    }

    static RetryInfo retryInfo(StatusRuntimeException e) {
        return detail(e, RetryInfo.class);
    }

    /** Null when the status has none. */
    static <T extends com.google.protobuf.Message> T detail(StatusRuntimeException e, Class<T> type) {
        com.google.rpc.Status status = StatusProto.fromThrowable(e);
        try {
            for (var detail : status == null
                    ? com.google.rpc.Status.getDefaultInstance().getDetailsList()
                    : status.getDetailsList()) {
                if (detail.is(type)) {
                    return detail.unpack(type);
                }
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return null;
    }

    static final class Answer extends ClientCall.Listener<byte[]> {

        private final CompletableFuture<byte[]> done = new CompletableFuture<>();
        private byte[] message;

        @Override
        public void onMessage(byte[] response) {
            message = response;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (status.isOk()) {
                done.complete(message);
            } else {
                done.completeExceptionally(status.asRuntimeException(trailers));
            }
        }

        byte[] get() {
            try {
                return done.get(30, TimeUnit.SECONDS);
            } catch (java.util.concurrent.ExecutionException e) {
                throw (StatusRuntimeException) e.getCause();
            } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
                throw new AssertionError("no answer", e);
            }
        }
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
