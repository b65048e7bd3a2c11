package dev.weir.cli;

import dev.weir.admin.BuildInfo;
import picocli.CommandLine.IVersionProvider;

/** What was built, from which commit and when. */
final class BuildVersion implements IVersionProvider {

    @Override
    public String[] getVersion() {
        BuildInfo build = BuildInfo.read();
        return new String[] {
            "weir " + build.version() + " (commit " + build.commit() + ", built " + build.time() + ", "
                    + build.runtime() + ")"
        };
    }
}
