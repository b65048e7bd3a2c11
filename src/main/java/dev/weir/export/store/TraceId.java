package dev.weir.export.store;

import java.util.HexFormat;
import java.util.Optional;

/** A trace's id. */
record TraceId(long high, long low) {

    private static final int HEX_DIGITS = 32;

    /** Empty when the text is not 32 hex digits. */
    static Optional<TraceId> parse(String text) {
        if (text.length() != HEX_DIGITS || !text.chars().allMatch(HexFormat::isHexDigit)) {
            return Optional.empty();
        }
        return Optional.of(new TraceId(
                HexFormat.fromHexDigitsToLong(text, 0, 16), HexFormat.fromHexDigitsToLong(text, 16, HEX_DIGITS)));
    }

    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }
}
