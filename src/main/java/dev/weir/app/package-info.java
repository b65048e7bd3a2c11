/** Assembles the pipeline from the configuration, starts it and drains it. Read {@link dev.weir.app.Gateway} first. */
@NullMarked
package dev.weir.app;

import org.jspecify.annotations.NullMarked;
