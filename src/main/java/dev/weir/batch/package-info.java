/** Regroups payloads by resource and scope into batches bounded by bytes and age. */
@NullMarked
package dev.weir.batch;

import org.jspecify.annotations.NullMarked;
