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

    /** The key that is at fault; null when the problem names none. */
    private final @Nullable String key;

    private final String sentence;

    private ConfigProblem(@Nullable String key, String sentence) {
        this.key = key;
        this.sentence = sentence;
    }

    static ConfigProblem of(String problem) {
        Matcher unknown = UNKNOWN.matcher(problem);
        if (unknown.lookingAt()) {
            return named(unknown.group(1), "there is no such setting");
        }
        Matcher missing = MISSING.matcher(problem);
        if (missing.lookingAt()) {
            return named(missing.group(1), "is required");
        }
        Matcher invalid = INVALID.matcher(problem);
        if (invalid.matches()) {
            return named(invalid.group(1), invalid.group(3).strip() + " (was '" + invalid.group(2) + "')");
        }
        return new ConfigProblem(null, problem);
    }

    private static ConfigProblem named(String key, String what) {
        return new ConfigProblem(key, key + ": " + what);
    }

    @Nullable
    String key() {
        return key;
    }

    String sentence() {
        return sentence;
    }
}
