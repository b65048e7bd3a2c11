package dev.weir.receive;

import dev.weir.otlp.JsonToProtobuf;
import dev.weir.otlp.OtlpFormatException;
import dev.weir.otlp.RequestType;
import dev.weir.pipeline.Refusal;

/** JSON to protobuf, charged before it is made: nobody knows how long it will be. */
final class Transcoding {

    private static final int SMALLEST_ROOM = 1 << 10;

    private Transcoding() {}

    /** What the protobuf of so many bytes of JSON is first given. Hardly any request comes to more than half of its text. */
    static long roomFor(long bytes, int maxMessageSize) {
        return Math.min(maxMessageSize, bytes / 2 + SMALLEST_ROOM);
    }

    /**
     * Of the first {@code length} bytes. What is returned is charged instead of them.
     *
     * @throws StoppedException when there is no memory for it
     */
    static byte[] transcode(Exchange exchange, RequestType type, byte[] json, int length)
            throws OtlpFormatException, StoppedException {
        int max = exchange.maxMessageSize();
        int room = (int) roomFor(length, max);
        // small numbers grow most: 0 and a comma to eight bytes
        int most = (int) Math.min(max, 5L * length + SMALLEST_ROOM);
        take(exchange.charge, room);
        while (true) {
            try {
                byte[] protobuf = JsonToProtobuf.transcode(type, json, 0, length, room);
                exchange.charge.release(length + (long) (room - protobuf.length));
                return protobuf;
            } catch (OtlpFormatException e) {
                if (!e.isTooLarge() || room == most) {
                    throw e;
                }
            }
            // not all at once: what is never needed may be more than one sender may have
            int next = (int) Math.min(most, 2L * room);
            take(exchange.charge, next - room);
            room = next;
        }
    }

    private static void take(Charge charge, int bytes) throws StoppedException {
        if (!charge.take(bytes)) {
            throw new StoppedException(Refusal.Reason.MEMORY);
        }
    }
}
