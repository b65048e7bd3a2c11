package dev.weir.export;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import io.grpc.Codec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The gRPC message encoding {@code zstd}, one frame a message. */
final class ZstdCodec implements Codec {

    static final int LEVEL = 3;

    @Override
    public String getMessageEncoding() {
        return "zstd";
    }

    @Override
    public OutputStream compress(OutputStream out) throws IOException {
        return new ZstdOutputStream(out, LEVEL);
    }

    @Override
    public InputStream decompress(InputStream in) throws IOException {
        return new ZstdInputStream(in);
    }
}
