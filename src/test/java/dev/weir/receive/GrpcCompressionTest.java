package dev.weir.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.luben.zstd.ZstdOutputStream;
import dev.weir.pipeline.Signal;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rows of OTLP conformance about compressed and large messages at the gRPC door, one test each, over real sockets. */
class GrpcCompressionTest {

    private DoorFixture door;

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void g2_gzipIsTaken() throws Exception {
        door = new DoorFixture();
        byte[] spans = Requests.spans(50);
        export("gzip", spans);
        assertThat(door.stage.payloads.get(0).bytes()).isEqualTo(spans);
    }

    @Test
    void g2_zstdIsTaken() throws Exception {
        door = new DoorFixture();
        byte[] spans = Requests.spans(50);
        export("zstd", spans);
        assertThat(door.stage.payloads.get(0).bytes()).isEqualTo(spans);
    }

    @Test
    void g2_anUnknownEncodingNamesTheKnownOnes() throws Exception {
        door = new DoorFixture();
        ManagedChannel channel = door.connect();
        StatusRuntimeException e =
                catchThrowableOfType(StatusRuntimeException.class, () -> export("snappy", Requests.spans(1)));
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
        assertThat(e.getTrailers().get(Metadata.Key.of("grpc-accept-encoding", Metadata.ASCII_STRING_MARSHALLER)))
                .isEqualTo("identity,gzip,zstd");
        // and the connection lives on
        GrpcCalls.export(channel, Signal.TRACES, Requests.spans(1));
    }

    @Test
    void g3_bombIsStoppedAtTheLimit() throws Exception {
        door = new DoorFixture("grpc.max-message-size=1MiB");
        for (String encoding : List.of("gzip", "zstd")) {
            StatusRuntimeException e = catchThrowableOfType(
                    StatusRuntimeException.class, () -> export(encoding, Requests.bigSpan(64 << 20)));
            assertThat(e.getStatus().getCode()).as(encoding).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(GrpcCalls.retryInfo(e)).isNull();
        }
        assertThat(door.stage.payloads).isEmpty();
        assertThat(door.ledger.read(Signal.TRACES).refusedRequests()).containsEntry("too_large", 2L);
    }

    @Test
    void g3_anUncompressedMessageOverTheLimitIsResourceExhaustedWithoutRetryInfo() throws Exception {
        door = new DoorFixture("grpc.max-message-size=1MiB");
        StatusRuntimeException e = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> GrpcCalls.export(door.connect(), Signal.TRACES, Requests.bigSpan(2 << 20)));
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(GrpcCalls.retryInfo(e)).isNull();
    }

    @Test
    void g3_aBigMessageWithinTheLimitIsTaken() throws Exception {
        door = new DoorFixture();
        byte[] big = Requests.bigSpan(20 << 20);
        export("gzip", big);
        GrpcCalls.export(door.connect(), Signal.TRACES, big);
        assertThat(door.stage.payloads)
                .hasSize(2)
                .allSatisfy(p -> assertThat(p.bytes()).isEqualTo(big));
    }

    @Test
    void g6_whatCanNeverFitIsResourceExhaustedWithoutRetryInfo() throws Exception {
        door = new DoorFixture(4 << 20);
        for (String encoding : List.of("identity", "gzip")) {
            StatusRuntimeException e = catchThrowableOfType(
                    StatusRuntimeException.class, () -> export(encoding, Requests.bigSpan(20 << 20)));
            assertThat(e.getStatus().getCode()).as(encoding).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(e.getStatus().getDescription()).contains("weir.memory.limit");
            assertThat(GrpcCalls.retryInfo(e)).isNull();
        }
    }

    @Test
    void g6_brokenCompressionIsInvalidArgument() throws Exception {
        door = new DoorFixture();
        byte[] cut = java.util.Arrays.copyOf(Requests.gzip(Requests.spans(9)), 40);
        assertThat(GrpcCalls.fails(() -> exportAs("gzip", Requests.spans(9), bytes -> cut)))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    private byte[] export(String encoding, byte[] request) {
        return exportAs(encoding, request, bytes -> switch (encoding) {
            case "gzip" -> Requests.gzip(bytes);
            case "zstd" -> Requests.through(bytes, ZstdOutputStream::new);
            default -> bytes;
        });
    }

    private byte[] exportAs(String encoding, byte[] request, UnaryOperator<byte[]> compression) {
        CompressorRegistry registry = CompressorRegistry.newEmptyInstance();
        registry.register(new Codec() {
            @Override
            public String getMessageEncoding() {
                return encoding;
            }

            @Override
            public OutputStream compress(OutputStream out) {
                return new ByteArrayOutputStream() {
                    @Override
                    public void close() throws IOException {
                        out.write(compression.apply(toByteArray()));
                        out.close();
                    }
                };
            }

            @Override
            public InputStream decompress(InputStream in) {
                throw new UnsupportedOperationException();
            }
        });
        GrpcCalls.Answer answer = new GrpcCalls.Answer();
        ClientCall<byte[], byte[]> call = door.channelOf(registry)
                .newCall(GrpcCalls.method(Signal.TRACES), CallOptions.DEFAULT.withCompression(encoding));
        call.start(answer, new Metadata());
        call.request(2);
        call.setMessageCompression(true);
        call.sendMessage(request);
        call.halfClose();
        return answer.get();
    }
}
