package dev.weir.app;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One fault. Turns what the configuration library says of a fault into a sentence that begins with the key's name. */
final class ConfigProblem {

    private static final Pattern UNKNOWN =
            Pattern.compile("(?:SRCFG\\d+: )?(\\S+)(?: in .*)? does not map to any root", Pattern.DOTALL);
    private static final Pattern MISSING = Pattern.compile(
            "(?:[\\w.]+Exception: )?(?:SRCFG\\d+: )?The config property (\\S+) is required.*", Pattern.DOTALL);
    private static final Pattern INVALID = Pattern.compile(
            "(?:[\\w.]+Exception: )?(?:SRCFG\\d+: )?The config property (\\S+) with the config value \"(.*?)\" threw an Exception whilst being converted (?:[\\w.]+(?:Exception|Error): )?(?:SRCFG\\d+: )?(.*)",
            Pattern.DOTALL);

    private static final Pattern ENUM =
            Pattern.compile("Cannot convert \\S+ to enum class \\S+, allowed values: (.*)", Pattern.DOTALL);
    private static final Pattern DURATION = Pattern.compile("Invalid duration: .*", Pattern.DOTALL);

    /** The key that is at fault; null when the problem names none. */
    private final @Nullable String key;

    private final String sentence;

    private final boolean missing;

    private ConfigProblem(@Nullable String key, String sentence, boolean missing) {
        this.key = key;
        this.sentence = sentence;
        this.missing = missing;
    }

    static ConfigProblem of(String problem) {
        Matcher unknown = UNKNOWN.matcher(problem);
        if (unknown.lookingAt()) {
            return named(unknown.group(1), "there is no such setting", false);
        }
        Matcher missing = MISSING.matcher(problem);
        if (missing.lookingAt()) {
            return named(missing.group(1), "is required", true);
        }
        Matcher invalid = INVALID.matcher(problem);
        if (invalid.matches()) {
            return named(invalid.group(1), reason(invalid.group(3).strip(), invalid.group(2)), false);
        }
        return new ConfigProblem(null, problem, false);
    }

    private static ConfigProblem named(String key, String what, boolean missing) {
        return new ConfigProblem(key, key + ": " + what, missing);
    }

    private static String reason(String said, String value) {
        Matcher allowed = ENUM.matcher(said);
        if (allowed.matches()) {
            return "'" + value + "' is not one of " + allowed.group(1).replace(",", ", ");
        }
        if (DURATION.matcher(said).matches()) {
            return "'" + value + "' is not a duration: write a number and a unit, such as 500ms, 10s or 5m";
        }
        return said.contains(value) ? said : said + " (was '" + value + "')";
    }

    @Nullable
    String key() {
        return key;
    }

    /** Whether it is a key that must be there and is not. */
    boolean isMissing() {
        return missing;
    }

    String sentence() {
        return sentence;
    }
}
