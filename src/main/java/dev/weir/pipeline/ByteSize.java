package dev.weir.pipeline;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes as configuration writes it: {@code 512MiB}, {@code 1.5GiB}, {@code 64MB}, {@code 4096}. Units are
 * {@code B}, decimal {@code kB MB GB} and binary {@code KiB MiB GiB}, in any case; {@code K M G} alone are binary, as
 * the JVM reads them.
 */
public record ByteSize(long bytes) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)\\s*([a-z]*)");
    private static final Map<String, Long> UNITS = Map.ofEntries(
            Map.entry("", 1L),
            Map.entry("b", 1L),
            Map.entry("kb", 1_000L),
            Map.entry("mb", 1_000_000L),
            Map.entry("gb", 1_000_000_000L),
            Map.entry("k", 1L << 10),
            Map.entry("m", 1L << 20),
            Map.entry("g", 1L << 30),
            Map.entry("ki", 1L << 10),
            Map.entry("mi", 1L << 20),
            Map.entry("gi", 1L << 30),
            Map.entry("kib", 1L << 10),
            Map.entry("mib", 1L << 20),
            Map.entry("gib", 1L << 30));

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size in bytes must not be negative, was " + bytes);
        }
    }

    /** @throws IllegalArgumentException with a sentence that names the text and the units */
    public static ByteSize of(String text) {
        Matcher form = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        Long unit = form.matches() ? UNITS.get(form.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a size in bytes: write a number and a unit, such as 512MiB, 64MB or 4096");
        }
        BigDecimal exact = new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(unit));
        if (exact.compareTo(BigDecimal.valueOf(1L << 50)) > 0) {
            throw new IllegalArgumentException("'" + text + "' is more than a pebibyte");
        }
        return new ByteSize(exact.longValue());
    }

    /** The size as an int, for what must fit an array. */
    public int intBytes() {
        return (int) Math.min(Integer.MAX_VALUE - 8, bytes);
    }

    @Override
    public String toString() {
        String[] units = {"GiB", "MiB", "KiB"};
        for (int i = 0; i < units.length; i++) {
            long factor = 1L << (30 - 10 * i);
            if (bytes >= factor && bytes % factor == 0) {
                return bytes / factor + units[i];
            }
        }
        return bytes + "B";
    }
}
