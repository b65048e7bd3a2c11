package dev.weir.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.pipeline.Hop;
import dev.weir.pipeline.Signal;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;

/** What this process sent itself is refused for good, at both doors; what another gateway sent is taken. */
class HopTest extends HttpPosts {

    @Test
    void shouldRefuseOverHttpWhatCameFromHere() throws Exception {
        door = new DoorFixture();

        assertThat(postMarked("ours")).isEqualTo(400);
        assertThat(door.stage.payloads).isEmpty();
        assertThat(postMarked("another's")).isEqualTo(200);
        assertThat(door.stage.payloads).hasSize(1);
    }

    @Test
    void shouldRefuseOverGrpcWhatCameFromHere() throws Exception {
        door = new DoorFixture();
        Channel channel = door.connect();

        assertThatThrownBy(() -> exportMarked(channel, "ours"))
                .isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
                    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
                    assertThat(e.getStatus().getDescription()).isEqualTo(Hop.REFUSAL);
                });
        assertThat(door.stage.payloads).isEmpty();
        exportMarked(channel, "another's");
        assertThat(door.stage.payloads).hasSize(1);
    }

    private int postMarked(String hop) throws Exception {
        return send(request("/v1/traces", PROTOBUF, BodyPublishers.ofByteArray(Requests.spans(1)))
                        .header(Hop.HEADER, hop))
                .statusCode();
    }

    private static byte[] exportMarked(Channel channel, String hop) {
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of(Hop.HEADER, Metadata.ASCII_STRING_MARSHALLER), hop);
        return GrpcCalls.export(channel, GrpcCalls.method(Signal.TRACES), Requests.spans(1), metadata);
    }
}
