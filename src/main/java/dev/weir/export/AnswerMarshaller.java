package dev.weir.export;

import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;

/** Answers as they are on the wire. */
final class AnswerMarshaller implements Marshaller<byte[]> {

    @Override
    public InputStream stream(byte[] answer) {
        throw new UnsupportedOperationException("answers are only received");
    }

    @Override
    public byte[] parse(InputStream stream) {
        try {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw Status.INTERNAL
                    .withDescription("the answer cannot be read")
                    .withCause(e)
                    .asRuntimeException();
        }
    }
}
