package dev.weir.export;

import dev.weir.otlp.RequestBytes;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Requests as they are on the wire. */
final class RequestMarshaller implements Marshaller<RequestBytes> {

    @Override
    public InputStream stream(RequestBytes request) {
        return new Message(request);
    }

    @Override
    public RequestBytes parse(InputStream stream) {
        throw new UnsupportedOperationException("requests are only sent");
    }

    /** Lets grpc-java know the length, and copy each piece once. */
    private static final class Message extends InputStream implements KnownLength, Drainable {
        private final RequestBytes request;
        private boolean drained;

        Message(RequestBytes request) {
            this.request = request;
        }

        @Override
        public int available() {
            return drained ? 0 : request.length();
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            if (drained) {
                return 0;
            }
            drained = true;
            request.writeTo(target);
            return request.length();
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("a drainable stream is drained");
        }
    }
}
