package dev.weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.Message;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damaged JSON gives an {@link OtlpFormatException} or bytes that protobuf parses, never anything else. Runs for two
 * seconds a signal, or for {@code -Dweir.fuzz.seconds}; a failure names its seed.
 */
@Timeout(value = 1, unit = TimeUnit.DAYS) // as long as it is asked to
class JsonToProtobufFuzzTest {

    private static final String[] FRAGMENTS = {
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "\\",
        "\\u",
        "\\ud800",
        "null",
        "true",
        "-",
        "1e999999999",
        "1.5",
        "\0",
        "{}",
        "[[[[[[[[[[",
        "\"NaN\"",
        "18446744073709551616",
        "\"traceId\":",
        "\"attributes\":[",
        "\"value\":{",
        "\u00e9"
    };
    private static final int LIMIT = 1 << 20;

    /** Requests, however slow the machine is. */
    private static final int AT_LEAST = 50;

    @ParameterizedTest
    @EnumSource
    void damagedJsonIsRefusedOrBecomesProtobuf(RequestType type) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.getLong("weir.fuzz.seconds", 2));
        int accepted = 0;
        int refused = 0;
        for (long seed = 0; seed < AT_LEAST || System.nanoTime() < deadline; seed++) {
            Message request = new RandomRequests(seed).next(type);
            byte[] json = JsonToProtobufInteropTest.json(type, request.toByteArray());
            Random random = new Random(seed);
            for (int i = 0; i < 20; i++) {
                if (isAccepted(type, damage(json, random), seed)) {
                    accepted++;
                } else {
                    refused++;
                }
            }
        }
        // Both ways were taken, so that neither check is idle.
        assertThat(accepted).isPositive();
        assertThat(refused).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void damagedProtobufIsRefusedOrBecomesJson(RequestType type) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.getLong("weir.fuzz.seconds", 2)) / 2;
        JsonFactory factory = new JsonFactory();
        int accepted = 0;
        int refused = 0;
        for (long seed = 0; seed < AT_LEAST || System.nanoTime() < deadline; seed++) {
            byte[] request = new RandomRequests(seed).next(type).toByteArray();
            Random random = new Random(seed);
            for (int i = 0; i < 20; i++) {
                byte[] damaged = damage(request, random);
                try (JsonGenerator out = factory.createGenerator(OutputStream.nullOutputStream())) {
                    ProtobufToJson.write(type, damaged, 0, damaged.length, out);
                    accepted++;
                } catch (OtlpFormatException expected) {
                    refused++;
                    assertThat(expected).hasMessageNotContaining("null");
                } catch (RuntimeException e) {
                    throw new AssertionError("seed " + seed, e);
                }
            }
        }
        assertThat(accepted).isPositive();
        assertThat(refused).isPositive();
    }

    private static boolean isAccepted(RequestType type, byte[] json, long seed) throws Exception {
        byte[] protobuf;
        try {
            protobuf = JsonToProtobuf.transcode(type, json, 0, json.length, LIMIT);
        } catch (OtlpFormatException e) {
            assertThat(e.getMessage()).isNotBlank();
            return false;
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
        assertThat(protobuf.length).isLessThanOrEqualTo(LIMIT);
        RandomRequests.empty(type).mergeFrom(protobuf);
        return true;
    }

    private static byte[] damage(byte[] original, Random random) {
        byte[] bytes = original.clone();
        for (int i = random.nextInt(3); i >= 0 && bytes.length > 0; i--) {
            int at = random.nextInt(bytes.length);
            int to = Math.min(bytes.length, at + random.nextInt(30));
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes = Arrays.copyOf(bytes, at);
                case 2 -> bytes = splice(bytes, at, to, new byte[0]);
                case 3 -> bytes = splice(bytes, at, at, Arrays.copyOfRange(bytes, at, to));
                case 4 -> bytes[at] = (byte) "0123456789".charAt(random.nextInt(10));
                default ->
                    bytes = splice(
                            bytes,
                            at,
                            at,
                            FRAGMENTS[random.nextInt(FRAGMENTS.length)].getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes;
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] middle) {
        byte[] result = Arrays.copyOf(bytes, bytes.length - (to - from) + middle.length);
        System.arraycopy(middle, 0, result, from, middle.length);
        System.arraycopy(bytes, to, result, from + middle.length, bytes.length - to);
        return result;
    }
}
