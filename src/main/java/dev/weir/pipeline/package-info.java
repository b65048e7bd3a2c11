/** The contract between stages: payloads go forward, one acknowledgement comes back. */
@NullMarked
package dev.weir.pipeline;

import org.jspecify.annotations.NullMarked;
