package dev.weir.export;

import dev.weir.pipeline.Hop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Headers of one destination. Values come from the configuration, files and the environment, and are never shown. */
final class Headers {

    private static final String FILE = "file:";
    private static final String ENV = "env:";
    /** A token of RFC 9110, section 5.6.2, as far as gRPC metadata takes it too. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,200}");

    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]{0,16384}");
    private static final Set<String> RESERVED = Set.of(
            "accept-encoding",
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "expect",
            "host",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "user-agent",
            Hop.HEADER);
    private static final int SHORTEST_SECRET = 4;
    private static final long MAX_FILE = 64 << 10;

    private final Map<String, String> fixed = new TreeMap<>();
    private final Map<String, Watched> files = new TreeMap<>();
    private volatile Map<String, String> current = Map.of();

    private static final class Watched {
        final Path path;
        String value = "";

        @Nullable
        FileTime modified;

        long size = -1;

        Watched(Path path) {
            this.path = path;
        }
    }

    /** @param environment reads a variable; null when it is not set */
    Headers(Map<String, String> config, UnaryOperator<@Nullable String> environment) {
        config.forEach((name, value) -> {
            String key = name.toLowerCase(Locale.ROOT);
            if (value.startsWith(FILE)) {
                files.put(key, new Watched(Path.of(value.substring(FILE.length()))));
            } else if (value.startsWith(ENV)) {
                String set = environment.apply(value.substring(ENV.length()));
                fixed.put(key, set == null ? "" : set.strip());
            } else {
                fixed.put(key, value);
            }
        });
        refresh();
    }

    boolean fromFiles() {
        return !files.isEmpty();
    }

    /** Lower-case names and their values. */
    Map<String, String> current() {
        return current;
    }

    /**
     * Reads again the files that have changed; one that cannot be read keeps its last value. Blocks.
     *
     * @return a sentence for each file that cannot be used
     */
    synchronized List<String> refresh() {
        List<String> problems = new ArrayList<>();
        Map<String, String> values = new TreeMap<>(fixed);
        files.forEach((name, file) -> {
            try {
                FileTime modified = Files.getLastModifiedTime(file.path);
                long size = Files.size(file.path);
                if (!modified.equals(file.modified) || size != file.size) {
                    file.value = read(file.path);
                    file.modified = modified;
                    file.size = size;
                }
            } catch (IOException | IllegalArgumentException e) {
                problems.add("header " + name + ": " + reason(file.path, e));
            }
            values.put(name, file.value);
        });
        if (!values.equals(current)) {
            current = Map.copyOf(values);
        }
        return problems;
    }

    /** The text without any of the values, should a destination repeat one of them in what it says. */
    String scrub(String text) {
        String clean = text;
        for (String value : current.values()) {
            if (value.length() >= SHORTEST_SECRET) {
                clean = clean.replace(value, "***");
                int scheme = value.indexOf(' ');
                if (scheme > 0 && value.length() - scheme > SHORTEST_SECRET) {
                    clean = clean.replace(value.substring(scheme + 1), "***");
                }
            }
        }
        return clean;
    }

    /** Names only. */
    @Override
    public String toString() {
        return "headers " + current.keySet();
    }

    /** Every fault, one sentence each, starting with the header's name. Blocks to look at files. */
    static List<String> faults(Map<String, String> config, UnaryOperator<@Nullable String> environment) {
        List<String> faults = new ArrayList<>();
        new TreeMap<>(config).forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!NAME.matcher(name).matches()) {
                faults.add(name + ": is not a header name; use letters, digits, - _ and .");
            } else if (RESERVED.contains(lower) || lower.startsWith("grpc-")) {
                faults.add(name + ": is set by Weir itself; remove it");
            } else if (lower.endsWith("-bin")) {
                faults.add(name + ": binary headers are not supported; choose a name that does not end in -bin");
            }
            String problem = valueFault(value, environment);
            if (problem != null) {
                faults.add(name + ": " + problem);
            }
        });
        return faults;
    }

    private static @Nullable String valueFault(String value, UnaryOperator<@Nullable String> environment) {
        if (value.startsWith(FILE)) {
            String path = value.substring(FILE.length());
            try {
                read(Path.of(path));
                return null;
            } catch (IOException | IllegalArgumentException e) {
                return reason(path, e);
            }
        }
        if (value.startsWith(ENV)) {
            String name = value.substring(ENV.length());
            String set = environment.apply(name);
            if (set == null) {
                return "the environment variable " + name + " is not set";
            }
            return VALUE.matcher(set.strip()).matches() ? null : "the value of " + name + " " + badValue();
        }
        return VALUE.matcher(value).matches() ? null : "the value " + badValue();
    }

    private static String read(Path path) throws IOException {
        if (Files.size(path) > MAX_FILE) {
            throw new IllegalArgumentException("is over 64 KiB");
        }
        String value = new String(Files.readAllBytes(path), StandardCharsets.UTF_8).strip();
        if (value.isEmpty()) {
            throw new IllegalArgumentException("is empty"); // as between truncation and writing
        }
        if (!VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException(badValue());
        }
        return value;
    }

    private static String badValue() {
        return "has a character that is not printable ASCII, or is over 16 KiB";
    }

    private static String reason(Object path, Exception e) {
        return e instanceof IOException
                ? "the file " + path + " cannot be read"
                : "the file " + path + " " + e.getMessage();
    }
}
