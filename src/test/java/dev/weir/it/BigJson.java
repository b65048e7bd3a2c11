package dev.weir.it;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;

/**
 * A request in JSON whose every span is a trace of its own.
 *
 * @param spans in it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record BigJson(byte[] body, int spans) {

    /** Of at most so many bytes, and hardly less. */
    static BigJson of(int bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes);
        out.writeBytes("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[".getBytes(US_ASCII));
        int spans = 0;
        while (out.size() < bytes - 1024) {
            spans++;
            out.writeBytes(((spans == 1 ? "" : ",")
                            + "{\"traceId\":\"%032x\",\"spanId\":\"%016x\",\"name\":\"GET /items\",\"kind\":2,"
                                    .formatted(spans, spans)
                            + "\"startTimeUnixNano\":\"1700000000000000000\",\"endTimeUnixNano\":\"1700000000001000000\","
                            + "\"attributes\":[{\"key\":\"http.request.method\",\"value\":{\"stringValue\":\"GET\"}},"
                            + "{\"key\":\"http.response.status_code\",\"value\":{\"intValue\":\"200\"}}]}")
                    .getBytes(US_ASCII));
        }
        out.writeBytes("]}]}]}".getBytes(US_ASCII));
        return new BigJson(out.toByteArray(), spans);
    }
}
