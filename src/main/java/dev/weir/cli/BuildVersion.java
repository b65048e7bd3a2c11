package dev.weir.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that the jar was built as. */
final class BuildVersion implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = BuildVersion.class.getPackage().getImplementationVersion();
        return new String[] {"weir " + (version == null ? "from a build without a version" : version)};
    }
}
