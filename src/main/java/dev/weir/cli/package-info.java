/** The subcommands of the {@code weir} program. */
@NullMarked
package dev.weir.cli;

import org.jspecify.annotations.NullMarked;
