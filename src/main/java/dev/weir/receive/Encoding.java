package dev.weir.receive;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Compressions that a door accepts. Names are matched in any case. */
enum Encoding {
    IDENTITY,
    GZIP,
    DEFLATE,
    ZSTD;

    /** For {@code Content-Encoding}; null when we do not know it. */
    static @Nullable Encoding ofHttp(@Nullable String name) {
        if (name == null) {
            return IDENTITY;
        }
        return switch (name.strip().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> IDENTITY;
            case "gzip", "x-gzip" -> GZIP;
            case "deflate" -> DEFLATE;
            case "zstd" -> ZSTD;
            default -> null;
        };
    }

    /** For {@code grpc-encoding}; null when we do not know it. */
    static @Nullable Encoding ofGrpc(@Nullable String name) {
        Encoding encoding = ofHttp(name);
        return encoding == DEFLATE ? null : encoding;
    }
}
