package dev.weir.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * What destinations say: {@code Export…ServiceResponse}, {@code google.rpc.Status} and {@code Retry-After}. Read by hand,
 * without generated classes and their reflection; what cannot be read counts as not said.
 */
final class Answers {

    /** Answers beyond this are not read, in bytes. */
    static final int MAX_BYTES = 4 << 20;

    private static final String RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";
    private static final long MAX_SECONDS = Duration.ofDays(1).toSeconds();

    private Answers() {}

    /** The answer to a request that succeeded: all three responses have the same form. */
    static Outcome.Taken taken(byte[] response) {
        long[] rejected = {0};
        String[] message = {""};
        read(response, (in, field) -> {
            if (field != 1) {
                return false;
            }
            read(in.readByteArray(), (partial, f) -> {
                if (f == 1) {
                    rejected[0] = partial.readInt64();
                } else if (f == 2) {
                    message[0] = new String(partial.readByteArray(), UTF_8);
                } else {
                    return false;
                }
                return true;
            });
            return true;
        });
        return new Outcome.Taken(rejected[0], message[0]);
    }

    /** The message of a {@code google.rpc.Status}. */
    static String statusMessage(byte[] status) {
        String[] message = {""};
        read(status, (in, field) -> {
            if (field != 2) {
                return false;
            }
            message[0] = new String(in.readByteArray(), UTF_8);
            return true;
        });
        return message[0];
    }

    /** The delay of the {@code RetryInfo} among the details of a {@code google.rpc.Status}; null when there is none. */
    static @Nullable Duration retryDelay(byte @Nullable [] status) {
        if (status == null) {
            return null;
        }
        @Nullable Duration[] delay = {null};
        read(status, (in, field) -> {
            if (field != 3) {
                return false;
            }
            Any any = any(in.readByteArray());
            if (any.type.equals(RETRY_INFO)) {
                delay[0] = retryInfo(any.value);
            }
            return true;
        });
        return delay[0];
    }

    /** Seconds or an HTTP date (RFC 9110, section 10.2.3); null when it is neither. */
    static @Nullable Duration retryAfter(@Nullable String header, InstantSource clock) {
        if (header == null) {
            return null;
        }
        String text = header.strip();
        try {
            if (text.chars().allMatch(c -> c >= '0' && c <= '9') && !text.isEmpty()) {
                return Duration.ofSeconds(
                        text.length() > 9 ? MAX_SECONDS : Math.min(MAX_SECONDS, Long.parseLong(text)));
            }
            Instant at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration until = Duration.between(clock.instant(), at);
            return Duration.ofSeconds(Math.clamp(until.toSeconds(), 0, MAX_SECONDS)); // year 9999 is too long for nanos
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Duration retryInfo(byte[] info) {
        long[] parts = {0, 0};
        read(info, (in, field) -> {
            if (field != 1) {
                return false;
            }
            read(in.readByteArray(), (duration, f) -> {
                if (f != 1 && f != 2) {
                    return false;
                }
                parts[f - 1] = duration.readInt64();
                return true;
            });
            return true;
        });
        return Duration.ofSeconds(Math.clamp(parts[0], 0, MAX_SECONDS), Math.clamp(parts[1], 0, 999_999_999));
    }

    private record Any(String type, byte[] value) {}

    private static Any any(byte[] bytes) {
        String[] type = {""};
        byte[][] value = {new byte[0]};
        read(bytes, (in, field) -> {
            if (field == 1) {
                type[0] = new String(in.readByteArray(), UTF_8);
            } else if (field == 2) {
                value[0] = in.readByteArray();
            } else {
                return false;
            }
            return true;
        });
        return new Any(type[0], value[0]);
    }

    /** Reads a field's value, or returns false to skip it. */
    private interface FieldReader {
        boolean read(CodedInputStream in, int field) throws IOException;
    }

    private static void read(byte[] message, FieldReader fields) {
        try {
            CodedInputStream in = CodedInputStream.newInstance(message);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (!fields.read(in, WireFormat.getTagFieldNumber(tag))) {
                    in.skipField(tag);
                }
            }
        } catch (IOException e) {
            // Not protobuf as we know it: what was read until here counts.
        }
    }
}
