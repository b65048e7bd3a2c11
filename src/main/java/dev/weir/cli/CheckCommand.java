package dev.weir.cli;

import dev.weir.app.ConfigFile;
import dev.weir.sample.policy.PolicyStatus;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code weir check}. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Reads a configuration as a start would, prints every fault, and ends with 1 if there is one;"
                + " without a fault says when each policy can decide.")
final class CheckCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "weir.yaml", arity = "1")
    @Nullable
    Path file;

    @Override
    public Integer call() {
        ConfigFile.Checked checked = ConfigFile.check(file, System.getenv(), SystemProperties.all());
        if (checked.config() == null) {
            FaultReport.print(file, checked.faults());
            return 1;
        }
        System.out.println(file + ": no faults");
        List<PolicyStatus> policies = checked.describePolicies();
        if (!policies.isEmpty()) {
            System.out.println(
                    "each policy, in the order they are asked, and when it can decide before the wait is over:");
            policies.forEach(policy -> System.out.println("  " + policy.name() + ": " + policy.why()));
        }
        return 0;
    }
}
