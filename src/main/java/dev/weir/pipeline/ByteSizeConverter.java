package dev.weir.pipeline;

import org.eclipse.microprofile.config.spi.Converter;
import org.jspecify.annotations.Nullable;

/** Lets configuration interfaces use {@link ByteSize}. Found by the service loader. */
public final class ByteSizeConverter implements Converter<ByteSize> {

    @Override
    public @Nullable ByteSize convert(String value) {
        return value.isBlank() ? null : ByteSize.of(value);
    }
}
