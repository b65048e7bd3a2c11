package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file must not send Weir's output into its own doors. */
final class LoopConfigTest extends ConfigFileFixture {

    @Test
    void shouldRejectOwnTracesThatWouldComeBackToWeir() throws IOException {
        assertThat(faults("weir: { telemetry: { traces-endpoint: 'http://localhost:4317' } }"))
                .containsExactly("weir.telemetry.traces-endpoint: is Weir itself, its own traces would never end;"
                        + " name another receiver");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:4317",
                "http://LocalHost.:4318",
                "https://127.0.0.1:4317",
                "http://127.9.9.9:4317",
                "http://[::1]:4318",
                "http://0.0.0.0:4317",
                "http://weir.localhost:4317"
            })
    void shouldRejectAnExportToItself(String endpoint) throws IOException {
        assertThat(faults("weir: { export: { a: { protocol: grpc, endpoint: '" + endpoint + "' } } }"))
                .containsExactly("weir.export.a.endpoint: is Weir itself, nothing would ever leave it;"
                        + " name another receiver, or move Weir's port");
    }

    @Test
    void shouldRejectAnExportToItsOwnAddress() throws Exception {
        InetAddress own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(Inet4Address.class::isInstance)
                .filter(address -> !address.isLoopbackAddress())
                .findFirst()
                .orElse(InetAddress.getLoopbackAddress());
        String export = "export: { a: { protocol: grpc, endpoint: 'http://" + own.getHostAddress() + ":4317' } }";

        assertThat(faults("weir: { " + export + " }"))
                .singleElement()
                .asString()
                .contains("is Weir itself");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:14317", "http://jaeger:4317", "http://203.0.113.7:4317"})
    void shouldTakeAnExportToOthers(String endpoint) throws IOException {
        assertThat(faults("weir: { export: { a: { protocol: grpc, endpoint: '" + endpoint + "' } } }"))
                .isEmpty();
    }

    @Test
    void shouldTakeAnExportToAnAddressThatNoDoorIsBoundTo() throws IOException {
        assertThat(faults("weir: { receive: { grpc: { host: 127.0.0.1 } },"
                        + " export: { a: { protocol: grpc, endpoint: 'http://127.0.0.2:4317' } } }"))
                .isEmpty();
    }
}
