package dev.weir.app;

import java.util.List;
import java.util.stream.StreamSupport;

/**
 * {@code weir.sample.tail.policies}, which stand in the file of the configuration but are no part of it: policies hold
 * policies, know their lines, and are read again when they change.
 */
final class InlinePolicies {

    private static final String TAIL = "weir.sample.tail.";
    private static final String KEY = TAIL + "policies";
    private static final String FILE_KEY = TAIL + "policies-file";

    /** What the configuration lets pass: all that begins with the key, whatever comes then. */
    static final String PASSED = KEY + ".**";

    private InlinePolicies() {}

    /** Whether there are any among the names of all settings. */
    static boolean isAmong(Iterable<String> settings) {
        return StreamSupport.stream(settings.spliterator(), false).anyMatch(InlinePolicies::isInline);
    }

    /** Whether anything of tail sampling is set, but for its policies and where they are. */
    static boolean isTailAmong(Iterable<String> settings) {
        return StreamSupport.stream(settings.spliterator(), false)
                .anyMatch(name -> name.startsWith(TAIL) && !isInline(name) && !name.equals(FILE_KEY));
    }

    /** The settings that are let pass although they are none. */
    static List<String> faults(Iterable<String> settings) {
        return StreamSupport.stream(settings.spliterator(), false)
                .filter(name -> name.startsWith(KEY) && !isInline(name) && !name.equals(FILE_KEY))
                .map(name -> name + ": there is no such setting")
                .sorted()
                .toList();
    }

    /** Whether a setting belongs to the policies. */
    static boolean isInline(String name) {
        return name.equals(KEY) || name.startsWith(KEY + "[") || name.startsWith(KEY + ".");
    }
}
