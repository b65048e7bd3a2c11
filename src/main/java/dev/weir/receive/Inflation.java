package dev.weir.receive;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.weir.pipeline.Refusal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** Decompression of one message in steps: each is charged before it is made, and it stops at the limit. */
final class Inflation {

    /** What a zstd decoder may look back to: 8 MiB, as RFC 8878 recommends. Bounded by the threads that decompress. */
    private static final int ZSTD_WINDOW_LOG = 23;

    private static final int INPUT_BUFFER = 4 << 10;

    private Inflation() {}

    /**
     * @param length of the message, which begins {@code compressed}
     * @param limit the most that may come out, in bytes
     * @param giveUpAfter more than this is too much for the calling thread
     * @return what came out, charged; null, with nothing charged, when it is more than {@code giveUpAfter}
     * @throws StoppedException when it is more than the limit, out of memory or broken; nothing is charged then
     */
    static byte @Nullable [] inflate(
            Encoding encoding, byte[] compressed, int length, int limit, int giveUpAfter, Charge charge)
            throws StoppedException {
        Segments out = new Segments(charge, limit);
        try (InputStream in = open(encoding, compressed, length)) {
            while (!out.isAtLimit()) {
                byte[] room = out.room();
                int read = in.read(room, out.offset(), out.left());
                if (read < 0) {
                    return out.join();
                }
                out.wrote(read);
                if (out.size() > giveUpAfter) {
                    out.discard();
                    return null;
                }
            }
            if (in.read() >= 0) {
                throw new StoppedException(Refusal.Reason.TOO_LARGE);
            }
            return out.join();
        } catch (StoppedException e) {
            out.discard();
            throw e;
        } catch (IOException | RuntimeException e) {
            out.discard();
            throw new StoppedException(
                    Refusal.Reason.INVALID,
                    "the message cannot be decompressed: "
                            + (e.getMessage() == null ? "it ends early" : e.getMessage()));
        }
    }

    private static InputStream open(Encoding encoding, byte[] compressed, int length) throws IOException {
        InputStream source = new ByteArrayInputStream(compressed, 0, length);
        return switch (encoding) {
            case GZIP -> new GZIPInputStream(source, INPUT_BUFFER);
            case DEFLATE -> new Deflated(source, isZlib(compressed, length));
            case ZSTD ->
                new ZstdInputStreamNoFinalizer(source, RecyclingBufferPool.INSTANCE).setLongMax(ZSTD_WINDOW_LOG);
            case IDENTITY -> source;
        };
    }

    /** A zlib stream says so in its first two bytes (RFC 1950); some senders leave that wrapper out. */
    private static boolean isZlib(byte[] bytes, int length) {
        return length >= 2
                && (bytes[0] & 0x0f) == Deflater.DEFLATED
                && ((bytes[0] & 0xff) << 8 | bytes[1] & 0xff) % 31 == 0;
    }

    /** Frees the native memory of its inflater on close, which the JDK's does only for inflaters of its own. */
    private static final class Deflated extends InflaterInputStream {

        Deflated(InputStream source, boolean zlib) {
            super(source, new Inflater(!zlib), INPUT_BUFFER);
        }

        @Override
        public void close() throws IOException {
            super.close();
            inf.end();
        }
    }
}
