package dev.weir.export;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/** Whole bodies compressed, as {@code Content-Encoding} has it. */
final class BodyCompression {

    private BodyCompression() {}

    static byte[] compress(ExportConfig.Compression compression, byte[] bytes) {
        return switch (compression) {
            case NONE -> bytes;
            case ZSTD -> Zstd.compress(bytes, ZstdCodec.LEVEL);
            case GZIP -> gzip(bytes);
        };
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 4 + 64);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out, 8192)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot happen in memory", e);
        }
        return out.toByteArray();
    }
}
