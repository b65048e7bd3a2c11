package dev.weir.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints what is wrong with a configuration, all at once, to standard error. */
final class FaultReport {

    private FaultReport() {}

    static void print(@Nullable Path file, List<String> faults) {
        System.err.println("weir: " + (file == null ? "the configuration" : file) + " has "
                + (faults.size() == 1 ? "a fault" : faults.size() + " faults") + ":");
        faults.forEach(fault -> System.err.println("  " + fault));
    }
}
