package dev.weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FreePortsTest {

    @Test
    void shouldGiveEachPortOnceAndOutsideTheRangeOfConnections() {
        int[] ports = FreePorts.next(2 * FreePorts.BLOCK);

        assertThat(ports).doesNotHaveDuplicates();
        assertThat(Arrays.stream(ports).boxed()).allMatch(port -> FreePorts.FIRST < port && port < FreePorts.end());
    }

    @Test
    void shouldGiveAPortThatCanBeTakenAgainAndAgain() throws IOException {
        int port = FreePorts.next();
        for (int i = 0; i < 3; i++) {
            try (ServerSocket one = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assertThat(one.getLocalPort()).isEqualTo(port);
            }
        }
    }

    @Test
    void shouldPassOverPortsThatAreTaken() throws IOException {
        int before = FreePorts.next();
        while (isLastOfBlock(before)) {
            before = FreePorts.next();
        }
        try (ServerSocket taken = new ServerSocket(before + 1, 1, InetAddress.getLoopbackAddress())) {
            assertThat(FreePorts.next(5)).doesNotContain(taken.getLocalPort());
        }
    }

    @Test
    void shouldKeepOthersOutOfItsBlock() {
        int port = FreePorts.next();
        int firstOfBlock = port - (port - FreePorts.FIRST) % FreePorts.BLOCK;

        assertThatExceptionOfType(BindException.class).isThrownBy(() -> new ServerSocket(firstOfBlock));
    }

    private static boolean isLastOfBlock(int port) {
        return (port + 1 - FreePorts.FIRST) % FreePorts.BLOCK == 0;
    }
}
