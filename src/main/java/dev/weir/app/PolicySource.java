package dev.weir.app;

import dev.weir.sample.policy.PolicyStatus;
import dev.weir.sample.tail.FaultyPoliciesException;
import dev.weir.sample.tail.RulesReading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where the policies of tail sampling stand.
 *
 * @param isConfiguration whether the file is {@code weir.yaml}, and they are its {@code weir.sample.tail.policies}
 */
record PolicySource(Path file, boolean isConfiguration) {

    /** The policies, which were found to have no fault. */
    List<PolicyStatus> describe() {
        try {
            return new RulesReading(isConfiguration, () -> 0)
                    .read(Files.readString(file), null)
                    .describe();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (FaultyPoliciesException e) {
            throw new IllegalStateException("the policies changed after they were checked: " + e.getMessage(), e);
        }
    }
}
