package dev.weir.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.Sender;
import dev.weir.pipeline.Signal;
import io.grpc.Metadata;
import io.vertx.core.MultiMap;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a later stage asks for comes with the payload, at both doors; nothing else does. */
class WantedHeadersTest extends HttpPosts {

    private static final String XFCC = "x-forwarded-client-cert";
    private static final Sender SENDER = new Sender(Sender.Protocol.GRPC, null, "test:1", 1);

    @Test
    void shouldKeepMetadataOfACall() throws Exception {
        door = new DoorFixture(Set.of(XFCC, "x-tenant", "x-absent"));
        Metadata metadata = new Metadata();
        put(metadata, XFCC, "By=a;URI=b");
        put(metadata, "X-Tenant", "blue");
        put(metadata, "x-other", "private");

        GrpcCalls.export(door.connect(), GrpcCalls.method(Signal.TRACES), Requests.spans(1), metadata);

        assertThat(headers()).containsExactly(Map.of(XFCC, "By=a;URI=b", "x-tenant", "blue"));
    }

    @Test
    void shouldJoinLinesOfACallInTheirOrder() throws Exception {
        door = new DoorFixture(Set.of(XFCC));
        Metadata metadata = new Metadata();
        put(metadata, XFCC, "forged");
        put(metadata, XFCC, "By=a;URI=b");

        GrpcCalls.export(door.connect(), GrpcCalls.method(Signal.TRACES), Requests.spans(1), metadata);

        assertThat(headers()).containsExactly(Map.of(XFCC, "forged,By=a;URI=b"));
    }

    @Test
    void shouldGiveEachCallOfAConnectionItsOwn() throws Exception {
        door = new DoorFixture(Set.of("x-tenant"));
        var channel = door.connect();
        for (String tenant : List.of("blue", "green")) {
            Metadata metadata = new Metadata();
            put(metadata, "x-tenant", tenant);
            GrpcCalls.export(channel, GrpcCalls.method(Signal.LOGS), Requests.logRecord(), metadata);
        }
        GrpcCalls.export(channel, Signal.LOGS, Requests.logRecord());

        assertThat(headers()).containsExactly(Map.of("x-tenant", "blue"), Map.of("x-tenant", "green"), Map.of());
        assertThat(door.stage.payloads)
                .extracting(payload -> payload.sender().connection())
                .containsOnly(door.stage.payloads.get(0).sender().connection());
    }

    @Test
    void shouldKeepHeadersOfARequestInProtobuf() throws Exception {
        door = new DoorFixture(Set.of(XFCC, "x-tenant", "x-absent"));

        send(request("/v1/traces", PROTOBUF, BodyPublishers.ofByteArray(Requests.spans(1)))
                .header("X-Forwarded-Client-Cert", "forged")
                .header("X-Forwarded-Client-Cert", "By=a;URI=b")
                .header("X-Tenant", "blue")
                .header("X-Other", "private"));

        assertThat(headers()).containsExactly(Map.of(XFCC, "forged,By=a;URI=b", "x-tenant", "blue"));
        assertThat(door.stage.payloads.get(0).sender().protocol()).isEqualTo(Sender.Protocol.HTTP_PROTOBUF);
    }

    @Test
    void shouldKeepHeadersOfARequestInJson() throws Exception {
        door = new DoorFixture(Set.of("X-Tenant"));

        send(request("/v1/traces", JSON, BodyPublishers.ofString(Requests.json()))
                .header("x-tenant", "blue"));

        assertThat(headers()).containsExactly(Map.of("x-tenant", "blue"));
        assertThat(door.stage.payloads.get(0).sender().protocol()).isEqualTo(Sender.Protocol.HTTP_JSON);
    }

    @Test
    void shouldKeepNothingUnasked() throws Exception {
        door = new DoorFixture();
        Metadata metadata = new Metadata();
        put(metadata, XFCC, "By=a;URI=b");

        GrpcCalls.export(door.connect(), GrpcCalls.method(Signal.TRACES), Requests.spans(1), metadata);
        send(request("/v1/traces", PROTOBUF, BodyPublishers.ofByteArray(Requests.spans(1)))
                .header(XFCC, "By=a;URI=b"));

        assertThat(headers()).containsExactly(Map.of(), Map.of());
    }

    @Test
    void shouldKeepBytesThatAreNoText() throws Exception {
        door = new DoorFixture(Set.of(XFCC));
        try (RawSocket raw = new RawSocket(door)) {
            raw.send("POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                    + Requests.json().length() + "\r\n" + XFCC + ": \u00ff\"\\\u0080\r\n\r\n" + Requests.json());
            assertThat(raw.answer()).startsWith("HTTP/1.1 200");
        }
        assertThat(headers()).containsExactly(Map.of(XFCC, "\u00ff\"\\\u0080"));
    }

    @Test
    void shouldMakeNoSenderForRequestsWithoutThem() {
        WantedHeaders wanted = new WantedHeaders(Set.of(XFCC));

        assertThat(wanted.of(SENDER, new Metadata())).isSameAs(SENDER);
        assertThat(wanted.of(SENDER, MultiMap.caseInsensitiveMultiMap().add("x-tenant", "blue")))
                .isSameAs(SENDER);
    }

    private List<Map<String, String>> headers() {
        return door.stage.payloads.stream()
                .map(payload -> payload.sender().headers())
                .toList();
    }

    private static void put(Metadata metadata, String name, String value) {
        metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
    }
}
