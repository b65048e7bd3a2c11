package dev.weir.cli;

import picocli.CommandLine.Command;

/** {@code weir}. */
@Command(
        name = "weir",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        description = "A telemetry gateway for service meshes: takes OTLP on 4317 and 4318, says what it did on 8888.",
        subcommands = {RunCommand.class, CheckCommand.class})
final class WeirCommand {}
